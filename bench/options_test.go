package bench

import (
	"io"
	"strings"
	"testing"

	"arbiter/bench/workload"
)

func TestNeedRepository(t *testing.T) {
	if err := NeedRepository("micro", "..", "."); err != nil {
		t.Error(err)
	}
	if err := NeedRepository("peers", "peers", "bench/peers"); err != nil {
		t.Error(err)
	}
	for below, want := range map[string]string{".": "give its path with --source", "bench/peers": "give the path of its bench/peers with --source"} {
		if err := NeedRepository("micro", t.TempDir(), below); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", below, err, want)
		}
	}
}

func TestArbiterOf(t *testing.T) {
	s := Quietly(Common{}, io.Discard)
	s.Games = workload.Games()[:1]
	if a, err := s.ArbiterOf("", 10, 20); err != nil || a.Game != "" || a.Players != 10 || a.Rate != 20 {
		t.Errorf("the benchmarks' own game: %+v, %v", a, err)
	}
	a, err := s.ArbiterOf("bench-2", 10, 40)
	if err != nil || a.Game != "bench-2" || a.Players != 2 {
		t.Errorf("the program's game: %+v, %v", a, err)
	}
	if g, err := s.played(a); err != nil || g.Name() != "bench-2" || g.Config().TickRate != 40 {
		t.Errorf("played %v, %v", g, err)
	}
	if _, err := s.ArbiterOf("chess", 10, 20); err == nil || err.Error() != `--game: this program has no game "chess": use one of bench-2` {
		t.Error(err)
	}
}
