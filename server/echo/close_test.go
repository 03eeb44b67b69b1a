package echo

import (
	"fmt"
	"strings"

	"arbiter/server/transport/transporttest"
)

// closes is section 7.
func closes() []row {
	bye := transporttest.CloseFrame(1000, "")
	hello := transporttest.Frame(final|text, "Hello World!")
	heard := answer{text, "Hello World!"}
	rows := []row{
		refused("7.1.1 a message, then close", 1000, hello, bye).after(heard),
		refused("7.1.2 two close frames", 1000, bye, bye),
		refused("7.1.3 ping after close", 1000, bye, transporttest.Frame(final|ping, "")),
		refused("7.1.4 text after close", 1000, bye, hello),
		refused("7.1.5 close inside a message", 1000, transporttest.Frame(text, "fragment1"), bye, transporttest.Frame(final|cont, "fragment2")),
		refused("7.1.6 long message, then close", 1000, transporttest.Frame(final|text, strings.Repeat("BAsd7&jh23", 26<<10)), hello, bye).
			after(answer{text, strings.Repeat("BAsd7&jh23", 26<<10)}, heard),
		refused("7.3.1 close without payload", noCode, transporttest.Frame(final|closing, "")),
		refused("7.3.2 close with one byte", 1002, transporttest.Frame(final|closing, "a")),
		refused("7.3.4 close with a reason", 1000, transporttest.CloseFrame(1000, "Hello World!")),
		refused("7.3.5 close with the longest reason", 1000, transporttest.CloseFrame(1000, strings.Repeat("*", 123))),
		refused("7.3.6 close with too long a reason", 1002, transporttest.CloseFrame(1000, strings.Repeat("*", 124))),
		refused("7.5.1 reason that is not UTF-8", 1007, transporttest.CloseFrame(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited")),
	}
	for _, code := range []uint16{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		rows = append(rows, refused(fmt.Sprintf("7.7 code %d", code), int(code), transporttest.CloseFrame(code, "")))
	}
	for _, code := range []uint16{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		rows = append(rows, refused(fmt.Sprintf("7.9 code %d", code), 1002, transporttest.CloseFrame(code, "")))
	}
	return rows
}
