package netcode

import (
	"testing"

	"arbiter/game"
)

func TestViewClaims(t *testing.T) {
	for name, c := range map[string]struct {
		v           ViewBounds
		claim, want game.Tick
	}{
		"no claim":                           {ViewBounds{1000, 999, 990, 15}, 0, 0},
		"honest":                             {ViewBounds{1000, 999, 995, 15}, 990, 990},
		"the newest sent":                    {ViewBounds{1000, 999, 995, 15}, 999, 999},
		"what was not sent":                  {ViewBounds{1000, 997, 995, 15}, 1000, 997},
		"the future":                         {ViewBounds{1000, 999, 995, 15}, 1 << 31, 999},
		"older than the game allows":         {ViewBounds{1000, 999, 988, 15}, 980, 985},
		"ancient":                            {ViewBounds{1000, 999, 900, 15}, 1, 985},
		"older than its acknowledgement":     {ViewBounds{1000, 999, 998, 15}, 986, 990},
		"as old as interpolation":            {ViewBounds{1000, 999, 998, 15}, 990, 990},
		"acknowledged too late to tell":      {ViewBounds{1000, 999, 950, 15}, 986, 986},
		"nothing acknowledged yet":           {ViewBounds{1000, 999, 0, 15}, 986, 986},
		"nothing sent yet":                   {ViewBounds{1000, 0, 0, 15}, 2000, 1000},
		"a game without rewind":              {ViewBounds{1000, 999, 995, 0}, 990, 999},
		"early in the match":                 {ViewBounds{5, 4, 2, 15}, 1, 1},
		"in the first tick":                  {ViewBounds{0, 0, 0, 15}, 7, 1},
		"acknowledged more than there is":    {ViewBounds{1000, 999, 5000, 15}, 990, 999},
		"sent after a long pause, no rewind": {ViewBounds{1000, 900, 900, 15}, 950, 900},
	} {
		wants(t, name, c.v.Clamp(c.claim), c.want)
	}
}

func TestViewsThatNoHonestClientClaims(t *testing.T) {
	v := ViewBounds{Now: 100, Sent: 98, Acked: 90, Rewind: 8}
	for claim, want := range map[game.Tick]bool{0: true, 1: false, 59: false, 60: true, 85: true, 98: true, 99: false, 100: false, 4e9: false} {
		if got := v.Believable(claim, 30); got != want {
			t.Errorf("a claim of %d: %v, want %v", claim, got, want)
		}
	}
	if early := (ViewBounds{Now: 9}); !early.Believable(1, 30) || !early.Believable(9, 30) || early.Believable(10, 30) {
		t.Error("before anything was sent")
	}
}
