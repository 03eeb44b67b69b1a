package echo

import (
	"fmt"
	"unicode/utf8"

	"arbiter/server/transport/transporttest"
)

// badText is what no text message may hold, and how many bytes of it show it.
var badText = []struct {
	text  string
	shown int
}{
	{"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", 13}, // a surrogate
	{"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80edited", 13},
	{"\x80", 1}, {"\xbf", 1}, {"\x80\xbf\x80\xbf\x80\xbf\x80", 1},
	{"\xc0\x20\xc1\x20", 1}, {"\xe0\x20\xe1\x20", 2}, {"\xf0\x20\xf1\x20", 2}, {"\xf8\x20", 1}, {"\xfc\x20", 1},
	{"\xc0\xaf", 1}, {"\xe0\x80\xaf", 2}, {"\xf0\x80\x80\xaf", 2}, {"\xf8\x80\x80\x80\xaf", 1}, {"\xfc\x80\x80\x80\x80\xaf", 1},
	{"\xc1\xbf", 1}, {"\xe0\x9f\xbf", 2}, {"\xf0\x8f\xbf\xbf", 2}, {"\xf7\xbf\xbf\xbf", 1},
	{"\xf8\x88\x80\x80\x80", 1}, {"\xfc\x84\x80\x80\x80\x80", 1}, {"\xf4\x90\x80\x80", 2},
	{"\xed\xa0\x80", 2}, {"\xed\xad\xbf", 2}, {"\xed\xae\x80", 2}, {"\xed\xaf\xbf", 2}, {"\xed\xb0\x80", 2}, {"\xed\xbf\xbf", 2},
	{"\xed\xa0\x80\xed\xb0\x80", 2}, {"\xfe", 1}, {"\xff", 1}, {"\xfe\xfe\xff\xff", 1},
}

// cutText is what is wrong only because it ends.
var cutText = []string{"\xc2", "\xdf", "\xe0\xa0", "\xef\xbf", "\xf0\x90\x80", "\xf4\x8f\xbf", "\xce\xba\xe1\xbd\xb9\xcf", "\xf0\x9f"}

var goodText = []string{
	"Hello-µ@ßöäüàá-UTF-8!!", "\u0000", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "\U0010ffff",
	"\ufffe", "\U0001fffe", "\U0001ffff", "\U000ffffe", "\U0010fffe", "κόσμε",
}

// utf8Rows is section 6.
func utf8Rows() []row {
	rows := []row{
		echoed("6.1.1 empty text", text, "", transporttest.Frame(final|text, "")),
		echoed("6.1.2 empty fragments", text, "", transporttest.Frame(text, ""), transporttest.Frame(cont, ""), transporttest.Frame(final|cont, "")),
		echoed("6.1.3 text between empty fragments", text, "middle frame payload", transporttest.Frame(text, ""), transporttest.Frame(cont, "middle frame payload"), transporttest.Frame(final|cont, "")),
	}
	for i, s := range goodText {
		rows = append(rows, echoed(fmt.Sprintf("6.2 good text %d", i), text, s, transporttest.Frame(final|text, s)))
		frames := [][]byte{transporttest.Frame(text, "")}
		for j := range len(s) {
			frames = append(frames, transporttest.Frame(cont, s[j:j+1]))
		}
		rows = append(rows, echoed(fmt.Sprintf("6.2 good text %d, a byte a frame", i), text, s, append(frames, transporttest.Frame(final|cont, ""))...))
	}
	for i, bad := range badText {
		if utf8.ValidString(bad.text) {
			panic("a row of badText is good")
		}
		whole := transporttest.Frame(final|text, bad.text)
		rows = append(rows,
			refused(fmt.Sprintf("6.3 bad text %d", i), 1007, whole),
			// 6.4: refused at the first wrong byte, though neither frame nor message is complete.
			refused(fmt.Sprintf("6.4 bad text %d, not whole", i), 1007, transporttest.Frame(text, bad.text[:bad.shown])))
		unfinished := transporttest.Frame(final|text, bad.text+"more")
		rows = append(rows, refused(fmt.Sprintf("6.4 bad text %d, frame not whole", i), 1007, unfinished[:6+bad.shown]))
	}
	for i, cut := range cutText {
		rows = append(rows,
			refused(fmt.Sprintf("6.6 cut text %d", i), 1007, transporttest.Frame(final|text, cut)),
			refused(fmt.Sprintf("6.6 cut text %d in two frames", i), 1007, transporttest.Frame(text, cut), transporttest.Frame(final|cont, "")))
	}
	return rows
}
