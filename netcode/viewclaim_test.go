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
