package echo

import (
	"fmt"
	"strings"

	"arbiter/server/transport/transporttest"
)

// framing is section 1: messages of every kind of length.
func framing() []row {
	var rows []row
	for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536} {
		long := strings.Repeat("*", n)
		rows = append(rows,
			echoed(fmt.Sprintf("1.1.%d text of %d", i+1, n), text, long, transporttest.Frame(final|text, long)),
			echoed(fmt.Sprintf("1.2.%d binary of %d", i+1, n), data, long, transporttest.Frame(final|data, strings.Repeat("\xfe", n))).after(answer{data, strings.Repeat("\xfe", n)}))
	}
	return rows
}

// pings is section 2.
func pings() []row {
	bye := transporttest.CloseFrame(1000, "")
	ten, pongs := [][]byte{}, []answer{}
	for i := range 10 {
		ten = append(ten, transporttest.Frame(final|ping, fmt.Sprint("payload-", i)))
		pongs = append(pongs, answer{pong, fmt.Sprint("payload-", i)})
	}
	return []row{
		refused("2.1 ping without payload", 1000, transporttest.Frame(final|ping, ""), bye).after(answer{pong, ""}),
		refused("2.2 ping with text", 1000, transporttest.Frame(final|ping, "Hello, world!"), bye).after(answer{pong, "Hello, world!"}),
		refused("2.3 ping with bytes", 1000, transporttest.Frame(final|ping, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"), bye).after(answer{pong, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"}),
		refused("2.4 ping of 125 bytes", 1000, transporttest.Frame(final|ping, strings.Repeat("\xfe", 125)), bye).after(answer{pong, strings.Repeat("\xfe", 125)}),
		refused("2.5 ping of 126 bytes", 1002, transporttest.Frame(final|ping, strings.Repeat("\xfe", 126)), bye),
		refused("2.7 pong nobody asked for", 1000, transporttest.Frame(final|pong, ""), bye),
		refused("2.8 the same with payload", 1000, transporttest.Frame(final|pong, "unsolicited"), bye),
		refused("2.9 the same, then a ping", 1000, transporttest.Frame(final|pong, "unsolicited"), transporttest.Frame(final|ping, "asked"), bye).after(answer{pong, "asked"}),
		refused("2.10 ten pings", 1000, append(ten, bye)...).after(pongs...),
	}
}

// reservedBits is section 3.
func reservedBits() []row {
	hello := transporttest.Frame(final|text, "Hello, world!")
	var rows []row
	for rsv := byte(1); rsv <= 7; rsv++ {
		for _, op := range []byte{text, data, closing, ping, pong} {
			name := fmt.Sprintf("3.%d reserved bits in opcode %d", rsv, op)
			rows = append(rows, refused(name, 1002, hello, transporttest.Frame(final|rsv<<4|op, "x"), transporttest.Frame(final|ping, "")).after(answer{text, "Hello, world!"}))
		}
	}
	return rows
}

// opcodes is section 4.
func opcodes() []row {
	hello := transporttest.Frame(final|text, "Hello, world!")
	var rows []row
	for _, op := range []byte{3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf} {
		rows = append(rows,
			refused(fmt.Sprintf("4 opcode %d", op), 1002, transporttest.Frame(final|op, "")),
			refused(fmt.Sprintf("4 opcode %d with payload", op), 1002, hello, transporttest.Frame(final|op, "payload"), transporttest.Frame(final|ping, "")).after(answer{text, "Hello, world!"}))
	}
	return rows
}

// fragmentation is section 5.
func fragmentation() []row {
	bye := transporttest.CloseFrame(1000, "")
	hello := transporttest.Frame(final|text, "Hello, world!")
	return []row{
		refused("5.1 fragmented ping", 1002, transporttest.Frame(ping, "fragment1"), transporttest.Frame(final|cont, "fragment2")),
		refused("5.2 fragmented pong", 1002, transporttest.Frame(pong, "fragment1"), transporttest.Frame(final|cont, "fragment2")),
		echoed("5.3 two fragments", text, "fragment1fragment2", transporttest.Frame(text, "fragment1"), transporttest.Frame(final|cont, "fragment2")),
		refused("5.6 ping between fragments", 1000, transporttest.Frame(text, "fragment1"), transporttest.Frame(final|ping, "ping payload"), transporttest.Frame(final|cont, "fragment2"), bye).
			after(answer{pong, "ping payload"}, answer{text, "fragment1fragment2"}),
		refused("5.9 continuation of nothing", 1002, transporttest.Frame(final|cont, "non-continuation payload"), hello),
		refused("5.12 unfinished continuation of nothing", 1002, transporttest.Frame(cont, "non-continuation payload"), hello),
		refused("5.15 continuation after a message", 1002, transporttest.Frame(text, "fragment1"), transporttest.Frame(final|cont, "fragment2"), transporttest.Frame(cont, "fragment3"), transporttest.Frame(final|text, "fragment4")).
			after(answer{text, "fragment1fragment2"}),
		refused("5.16 continuations of nothing, twice", 1002, transporttest.Frame(cont, "fragment1"), transporttest.Frame(text, "fragment2"), transporttest.Frame(final|cont, "fragment3")),
		refused("5.18 a message inside a message", 1002, transporttest.Frame(text, "fragment1"), transporttest.Frame(final|text, "fragment2")),
		refused("5.19 five fragments and two pings", 1000,
			transporttest.Frame(text, "fragment1"), transporttest.Frame(cont, "fragment2"), transporttest.Frame(final|ping, "pongme 1!"), transporttest.Frame(cont, "fragment3"),
			transporttest.Frame(cont, "fragment4"), transporttest.Frame(final|ping, "pongme 2!"), transporttest.Frame(final|cont, "fragment5"), bye).
			after(answer{pong, "pongme 1!"}, answer{pong, "pongme 2!"}, answer{text, "fragment1fragment2fragment3fragment4fragment5"}),
		echoed("5 empty fragments", data, "", transporttest.Frame(data, ""), transporttest.Frame(cont, ""), transporttest.Frame(final|cont, "")),
		refused("5 unmasked", 1002, []byte{final | text, 1, 'x'}),
		refused("5 length not in its shortest form", 1002, []byte{final | text, 0x80 | 126, 0, 1, 0, 0, 0, 0, 'x'}),
	}
}
