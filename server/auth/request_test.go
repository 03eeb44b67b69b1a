package auth

import (
	"slices"
	"testing"
)

func TestFromRequest(t *testing.T) {
	for name, row := range map[string]struct {
		authorization, query string
		protocols            []string
		want                 string
	}{
		"nothing":                   {"", "", nil, ""},
		"header":                    {"Bearer a.b.c", "", nil, "a.b.c"},
		"header in lower case":      {"bearer a.b.c", "", nil, "a.b.c"},
		"header with spaces":        {"  Bearer   a.b.c ", "", nil, "a.b.c"},
		"header of another scheme":  {"Basic dTpw", "", nil, ""},
		"header without token":      {"Bearer ", "", nil, ""},
		"header without scheme":     {"a.b.c", "", nil, ""},
		"query":                     {"", "token=a.b.c", nil, "a.b.c"},
		"query among others":        {"", "game=arena&token=a.b.c&x=1", nil, "a.b.c"},
		"query of a longer name":    {"", "mytoken=x&token2=y", nil, ""},
		"query empty, then full":    {"", "token=&token=a.b.c", nil, "a.b.c"},
		"query twice":               {"", "token=a.b.c&token=d.e.f", nil, "a.b.c"},
		"query escaped":             {"", "token=a%2Eb%2ec", nil, "a.b.c"},
		"query badly escaped":       {"", "token=a%2", nil, "a%2"},
		"query of separators":       {"", "&&=&token", nil, ""},
		"subprotocol":               {"", "", []string{"arbiter.1", "token.a.b.c"}, "a.b.c"},
		"subprotocol without token": {"", "", []string{"token.", "token"}, ""},
		"header before query":       {"Bearer a.b.c", "token=d.e.f", []string{"token.g.h.i"}, "a.b.c"},
		"query before subprotocol":  {"Basic x", "token=d.e.f", []string{"token.g.h.i"}, "d.e.f"},
	} {
		if got := FromRequest(row.authorization, row.query, row.protocols); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
}

func TestFromRequestAllocs(t *testing.T) {
	protocols := []string{"arbiter.1", "token.a.b.c"}
	if n := testing.AllocsPerRun(100, func() {
		FromRequest("Bearer a.b.c", "", nil)
		FromRequest("", "x=1&token=a.b.c", nil)
		FromRequest("", "", protocols)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func FuzzFromRequest(f *testing.F) {
	f.Add("Bearer a.b.c", "token=d.e.f&x=%2", "token.g.h.i")
	f.Add("bearer", "token=&token=%61", "token.")
	f.Fuzz(func(t *testing.T, authorization, query, protocol string) {
		all := FromRequest(authorization, query, []string{protocol})
		alone := []string{
			FromRequest(authorization, "", nil),
			FromRequest("", query, nil),
			FromRequest("", "", []string{protocol}),
		}
		i := slices.IndexFunc(alone, func(s string) bool { return s != "" })
		if i < 0 && all != "" || i >= 0 && all != alone[i] {
			t.Errorf("together %q, one by one %q", all, alone)
		}
	})
}
