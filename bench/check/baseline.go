package check

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"arbiter/bench/report"
)

// Counts are what was counted, by what it is about and what it is.
type Counts map[string]map[string]float64

// Difference is one count and what the baseline says of it.
type Difference struct {
	About string  `json:"about"`
	What  string  `json:"what"`
	Was   float64 `json:"was"` // NaN-free: a new count was 0
	Is    float64 `json:"is"`
	New   bool    `json:"new,omitempty"` // the baseline does not have it
}

// slack is what a count may grow: what is counted once in a while comes at
// another time in another run.
const (
	slackShare = 0.05
	slackLeast = 0.6 // less than one more of anything
)

// Worse reports whether it is more than it may be.
func (d Difference) Worse() bool {
	return !d.New && d.Is > d.Was+max(slackLeast*least(d.What), slackShare*d.Was)
}

// Better reports whether the baseline should be lowered.
func (d Difference) Better() bool {
	return !d.New && d.Is < d.Was-max(slackLeast*least(d.What), slackShare*d.Was)
}

// least is the unit of a count: rates are below one.
func least(what string) float64 {
	if what == "snapshots" || what == "messages from clients" {
		return 0.05
	}
	return 1
}

// Against compares with a baseline, in the order of names.
func (c Counts) Against(baseline Counts) []Difference {
	var list []Difference
	for about, counts := range c {
		for what, is := range counts {
			was, known := baseline[about][what]
			list = append(list, Difference{about, what, was, is, !known})
		}
	}
	slices.SortFunc(list, func(a, b Difference) int {
		return cmp.Or(strings.Compare(a.About, b.About), strings.Compare(a.What, b.What))
	})
	return list
}

// missing are counts that the baseline has and c has not.
func (c Counts) missing(baseline Counts) []string {
	var list []string
	for about, counts := range baseline {
		for what := range counts {
			if _, ok := c[about][what]; !ok {
				list = append(list, about+": "+what)
			}
		}
	}
	slices.Sort(list)
	return list
}

func read(path string) (Counts, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("bench: baseline: %w: make one with --update", err)
	}
	var c Counts
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("bench: baseline %s: %w: make it anew with --update", path, err)
	}
	return c, nil
}

// save writes counts with few digits, so that a diff of the file is one of
// meaning.
func (c Counts) save(path string) error {
	for _, counts := range c {
		for what, v := range maps.Clone(counts) {
			counts[what] = math.Round(v*100) / 100
		}
	}
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

func tables(list []Difference) []report.Table {
	t := report.Table{Title: "Counts and their baseline", Columns: []string{"about", "what", "is", "was", ""}}
	for _, d := range list {
		was, note := report.Number(d.Was), ""
		switch {
		case d.New:
			was, note = "–", "new"
		case d.Worse():
			note = "more than it was"
		case d.Better():
			note = "less than it was"
		}
		t.Add(d.About, d.What, d.Is, was, note)
	}
	return []report.Table{t}
}
