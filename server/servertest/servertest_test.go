package servertest_test

import (
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/server/servertest"
)

func TestMetricsSum(t *testing.T) {
	page := servertest.Metrics("# HELP x X.\nx{game=\"a\",why=\"b\"} 3\nx{game=\"a\"} 4\nxy 100\nz 5\n")
	for _, test := range []struct {
		name   string
		labels []string
		want   float64
	}{{"x", nil, 7}, {"x", []string{`why="b"`}, 3}, {"z", nil, 5}, {"y", nil, 0}} {
		if got := page.Sum(test.name, test.labels...); got != test.want {
			t.Errorf("%s%v: %v, want %v", test.name, test.labels, got, test.want)
		}
	}
	if !page.Has("x") || !page.Has("z") || page.Has("y") {
		t.Error("Has is wrong about what is on the page")
	}
}

func TestDrillIsDeterministic(t *testing.T) {
	gametest.Determinism(t, servertest.DrillGame(servertest.Drill{Walkers: 3}, game.Config{}), gametest.Options{})
}
