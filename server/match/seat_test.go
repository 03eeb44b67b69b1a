package match

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("é", 20)
	for name, want := range map[string]string{"": "Player 3", "ann": "ann", long: long[:32]} {
		if got := nameOf(name, 3); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := nameOf("x"+long, 3); len(got) != 31 || !utf8.ValidString(got) {
		t.Errorf("a name is cut to %q inside a character", got)
	}
}
