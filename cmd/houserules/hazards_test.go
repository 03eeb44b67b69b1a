package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

const hazardsHead = "# T\n\n| hazard | what comes | what happens | tests |\n|---|---|---|---|\n"

const shownTest = `package transport

import "testing"

// TestA shows much.
//
// Hazards: flood, half
// open.
func TestA(t *testing.T) {}

// TestB shows one more.
// Hazards: flood.
func TestB(t *testing.T) {}
`

func TestHazards(t *testing.T) {
	file := func(rows ...string) string { return hazardsHead + strings.Join(rows, "\n") + "\n\nMore.\n" }
	const floodShown = "| flood | much | counted | [TestA](transport/a_test.go), [TestB](transport/a_test.go) |"
	const halfShown = "| half open | little | closed | [TestA](transport/a_test.go) |"
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"fresh", file(floodShown, halfShown), nil},
		{"stale", file("| flood | much | counted | |", halfShown), []string{"is not what the tests say"}},
		{"a row without a test", file(floodShown, halfShown, "| clock | jumps | nothing |  |"), []string{`"clock" has no test`}},
		{"a test of no row", file(floodShown), []string{`TestA shows "half open", which is no row`}},
		{"a row twice", file(floodShown, floodShown, halfShown), []string{`"flood" stands twice`}},
	} {
		files := map[string]string{"server/transport/a_test.go": shownTest, hazardsFile: row.text}
		found := plant(t, files).hazards(fstest.MapFS{hazardsFile: {Data: []byte(row.text)}})
		if len(found) != len(row.want) {
			t.Errorf("%s: %v, want %q", row.name, found, row.want)
			continue
		}
		for i, want := range row.want {
			if !strings.Contains(found[i].String(), want) {
				t.Errorf("%s: %v, want %q", row.name, found[i], want)
			}
		}
	}
}

func TestHazardsWrite(t *testing.T) {
	planted := plant(t, map[string]string{"server/transport/a_test.go": shownTest})
	fresh, found := planted.shown(hazardsHead + "| flood | much | counted | old |\n| half open | little | closed | |\n")
	if len(found) != 0 || !strings.Contains(fresh, "| counted | [TestA](transport/a_test.go), [TestB](transport/a_test.go) |\n") || strings.Contains(fresh, "old") {
		t.Errorf("wrote\n%s\nfound %v", fresh, found)
	}
	if again, _ := planted.shown(fresh); again != fresh {
		t.Errorf("a second time it wrote\n%s", again)
	}
}
