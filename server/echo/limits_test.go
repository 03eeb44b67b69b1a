package echo

import (
	"fmt"
	"strings"

	"arbiter/server/transport/transporttest"
)

// limits is section 9: long messages, whole and in fragments.
func limits() []row {
	var rows []row
	for _, n := range []int{64 << 10, 1 << 20, 16 << 20} {
		long := strings.Repeat("*", n)
		rows = append(rows,
			echoed(fmt.Sprintf("9.1 text of %d", n), text, long, transporttest.Frame(final|text, long)),
			echoed(fmt.Sprintf("9.2 binary of %d", n), data, long, transporttest.Frame(final|data, long)))
	}
	for _, each := range []int{64, 1 << 10, 64 << 10} {
		long := strings.Repeat("*", 1<<20)
		rows = append(rows,
			echoed(fmt.Sprintf("9.3 text of 1 MB in frames of %d", each), text, long, pieces(text, long, each)...),
			echoed(fmt.Sprintf("9.4 binary of 1 MB in frames of %d", each), data, long, pieces(data, long, each)...))
	}
	return append(rows,
		refused("9 longer than the limit", 1009, transporttest.Frame(final|data, strings.Repeat("*", MessageBytes+1))[:14]),
		refused("9 fragments longer than the limit", 1009, transporttest.Frame(data, strings.Repeat("*", MessageBytes)), transporttest.Frame(final|cont, "*")[:6]))
}

// autoFragmentation is section 10.
func autoFragmentation() []row {
	long := strings.Repeat("*", 65536)
	return []row{echoed("10.1 text in frames of 1300", text, long, pieces(text, long, 1300)...)}
}

// pieces is a message in frames of n bytes.
func pieces(op byte, payload string, n int) [][]byte {
	var frames [][]byte
	for at := 0; at < len(payload); at += n {
		first := byte(cont)
		if at == 0 {
			first = op
		}
		if at+n >= len(payload) {
			first |= final
		}
		frames = append(frames, transporttest.Frame(first, payload[at:min(at+n, len(payload))]))
	}
	return frames
}
