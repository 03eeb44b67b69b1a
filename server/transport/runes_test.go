package transport

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// verdict feeds text in pieces and returns how many bytes were taken before it
// was refused, or -1.
func verdict(pieces ...[]byte) int {
	var r runes
	taken := 0
	for i, b := range pieces {
		if !r.add(b, i == len(pieces)-1) {
			return taken + len(b)
		}
		taken += len(b)
	}
	return -1
}

var texts = []string{
	"", "plain", "Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\U0010ffff", "\u0000", "\ufffe\uffff",
	"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80\x65\x64\x69\x74\x65\x64", // a surrogate
	"\xf4\x90\x80\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
	"\x80", "\xbf\x80", "a\xc0", "\xe2\x82", "\xf0\x9f\x98", "ok\xe2\x28\xa1", "\xed\xbf\xbf", "\xc2", "x\xf4",
}

// TestRunesSplits cuts every text at every two places: the verdict is that of
// the whole.
func TestRunesSplits(t *testing.T) {
	for _, text := range texts {
		b := []byte(text)
		for i := range len(b) + 1 {
			for j := i; j <= len(b); j++ {
				if got := verdict(b[:i], b[i:j], b[j:]) < 0; got != utf8.Valid(b) {
					t.Errorf("%q cut at %d and %d: valid %v, want %v", text, i, j, got, utf8.Valid(b))
				}
			}
		}
	}
}

// TestRunesAtOnce gives single bytes: the first that can't go on is refused.
func TestRunesAtOnce(t *testing.T) {
	for _, text := range texts {
		if utf8.ValidString(text) {
			continue
		}
		want := len(text) // refused at the end only, when a rune is incomplete
		for n := 1; n <= len(text); n++ {
			good := false
			for _, rest := range []string{"", "\x80", "\x90", "\xa0", "\x80\x80", "\x90\x80", "\xa0\x80", "\x80\x80\x80", "\x90\x80\x80", "\xa0\x80\x80"} {
				good = good || utf8.ValidString(text[:n]+rest)
			}
			if !good {
				want = n
				break
			}
		}
		var pieces [][]byte
		for i := range len(text) {
			pieces = append(pieces, []byte(text[i:i+1]))
		}
		if got := verdict(pieces...); got != want {
			t.Errorf("%q was refused after %d bytes, want %d", text, got, want)
		}
	}
}

func TestRunesRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	runesOf := []rune("aé€😀\u0800\U0010ffff")
	for range 2000 {
		var b strings.Builder
		for range rng.IntN(20) {
			b.WriteRune(runesOf[rng.IntN(len(runesOf))])
		}
		text := []byte(b.String())
		if len(text) > 0 && rng.IntN(2) == 0 {
			text[rng.IntN(len(text))] ^= byte(1 << rng.IntN(8))
		}
		cut := rng.IntN(len(text) + 1)
		if got := verdict(text[:cut], text[cut:]) < 0; got != utf8.Valid(text) {
			t.Fatalf("%q cut at %d: valid %v, want %v", text, cut, got, utf8.Valid(text))
		}
	}
}
