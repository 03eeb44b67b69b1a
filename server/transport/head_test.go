package transport

import (
	"bytes"
	"testing"
)

// scanned is the verdict on a head that grows to each of the cuts in turn, and
// where the scan stood when it was reached.
func scanned(b []byte, cuts ...int) (headVerdict, int) {
	var s headScan
	for _, cut := range append(cuts, len(b)) {
		if v := s.scan(b[:cut], 8192, 64); v != headMore {
			return v, s.pos
		}
	}
	return headMore, s.pos
}

// TestHeadSplits cuts every head of the table at every place.
//
// Hazards: splits, ws head.
func TestHeadSplits(t *testing.T) {
	for _, row := range handshakeRows {
		b := []byte(row.head)
		verdict, pos := scanned(b)
		for i := range b {
			if v, p := scanned(b, i); v != verdict || p != pos {
				t.Fatalf("%s cut at %d: verdict %d at %d, want %d at %d", row.name, i, v, p, verdict, pos)
			}
		}
	}
}

func FuzzHead(f *testing.F) {
	for _, row := range handshakeRows {
		f.Add([]byte(row.head), uint16(10))
	}
	cfg, err := Config{Subprotocol: "arbiter.v1"}.filled()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		verdict, pos := scanned(b)
		if v, p := scanned(b, min(int(cut), len(b))); v != verdict || p != pos {
			t.Errorf("cut: verdict %d at %d, want %d at %d", v, p, verdict, pos)
		}
		every := make([]int, len(b))
		for i := range every {
			every[i] = i
		}
		if v, p := scanned(b, every...); v != verdict || p != pos {
			t.Errorf("byte by byte: verdict %d at %d, want %d at %d", v, p, verdict, pos)
		}
		if verdict != headComplete {
			return
		}
		if !bytes.HasSuffix(b[:pos], []byte("\r\n\r\n")) {
			t.Errorf("head %q has no end", b[:pos])
		}
		// A head that passes the checks must be good for ws.Upgrader too: the
		// two must not disagree about where things are.
		facts, refusal := checkHead(b[:pos])
		if refusal != nil || !facts.websocket {
			return
		}
		host := newDouble()
		asked := false
		host.upgrade = func(r *Request) (any, *Refusal) {
			asked = r.Path != "" && r.Host != ""
			return nil, nil
		}
		answer, _, refusal := newUpgrader(newCore(cfg, host)).run(b[:pos], facts, peerAddr)
		switch {
		case refusal != nil && refusal.Code != "origin":
			t.Errorf("checked head refused: %+v", refusal)
		case refusal == nil && (!asked || !bytes.HasPrefix(answer, []byte("HTTP/1.1 101 "))):
			t.Errorf("host asked: %v, answer %q", asked, answer)
		}
	})
}

// Hazards: origin.
func TestOrigins(t *testing.T) {
	same := newOriginPolicy(&Config{})
	list := newOriginPolicy(&Config{Origins: []string{"https://game.example", "https://dev.example:8443"}})
	all := newOriginPolicy(&Config{Origins: []string{"*"}})
	strict := newOriginPolicy(&Config{RefuseNoOrigin: true})
	for _, c := range []struct {
		policy *originPolicy
		count  int
		origin string
		host   string
		want   bool
	}{
		{&same, 0, "", "game.example", true},
		{&strict, 0, "", "game.example", false},
		{&same, 1, "", "game.example", false},
		{&same, 1, "https://game.example", "game.example", true},
		{&same, 1, "http://game.example:80", "game.example", true},
		{&same, 1, "https://game.example", "game.example:443", true},
		{&same, 1, "http://game.example:8080", "game.example:8080", true},
		{&same, 1, "http://game.example:8080", "game.example", false},
		{&same, 1, "http://game.example:443", "game.example", false},
		{&same, 1, "ftp://game.example", "game.example", false},
		{&same, 1, "https://game.example.evil.example", "game.example", false},
		{&same, 1, "https://evilgame.example", "game.example", false},
		{&same, 1, "https://", "", false},
		{&same, 1, "null", "null", false},
		{&list, 1, "https://game.example", "other", true},
		{&list, 1, "https://GAME.example", "other", true},
		{&list, 1, "https://dev.example:8443", "other", true},
		{&list, 1, "http://game.example", "game.example", false},
		{&list, 1, "https://game.example:444", "other", false},
		{&list, 1, "https://dev.example", "other", false},
		{&list, 1, "https://game.example.evil", "other", false},
		{&list, 1, "https://a.game.example", "other", false},
		{&list, 1, "null", "other", false},
		{&list, 2, "https://game.example", "other", false},
		{&list, 0, "", "other", true},
		{&all, 1, "https://anything", "other", true},
		{&all, 1, "null", "other", true},
		{&all, 2, "https://anything", "other", false},
	} {
		if got := c.policy.allows(c.count, c.origin, c.host); got != c.want {
			t.Errorf("%+v: %d × %q at host %q: %v", *c.policy, c.count, c.origin, c.host, got)
		}
	}
}
