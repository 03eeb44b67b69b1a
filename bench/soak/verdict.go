package soak

import (
	"fmt"
	"strings"

	"arbiter/bench"
	"arbiter/bench/report"
)

// wrong are the faults that no server may make, however busy its machine is:
// snapshots that a match left out because it was late are not among them.
func wrong(f *Faults) uint64 { return f.Spoiled() + f.Closed }

// withheldMost is for how long, in milliseconds, a bot may want to send an input
// while snapshots come: bots fail above it too.
const withheldMost = 1100

// judge says what is not as it should be.
func (r *Result) judge() string {
	var list []string
	fault := func(n uint64, what string) {
		if n > 0 {
			list = append(list, fmt.Sprintf("%d %s", n, what))
		}
	}
	b := &r.Total
	fault(b.InputsLost, "inputs lost")
	fault(b.InputsRepeated, "inputs applied twice")
	fault(b.HashMismatches+r.Faults.Mismatched, "states differ from the server's")
	fault(r.Faults.Corrupted, "snapshots could not be read")
	fault(r.Faults.Closed, "players cut off")
	if b.InputsWithheld > withheldMost {
		list = append(list, fmt.Sprintf("a bot that wanted to send made no input for %.0f ms", b.InputsWithheld))
	}
	if b.InputsApplied == 0 || b.HashChecks == 0 {
		list = append(list, "the bots did nothing")
	}
	first, last, ok := r.ends()
	if ok && !last.Within(first) {
		list = append(list, fmt.Sprintf("not flat: heap %.1f to %.1f MB, descriptors %.0f to %.0f, goroutines %.0f to %.0f",
			first.Heap/1e6, last.Heap/1e6, first.Files, last.Files, first.Routines, last.Routines))
	}
	return strings.Join(list, "; ")
}

// ends are the means of the first and the last third of the stages, without
// the first one, in which the server gets its size; not ok if there are too
// few.
func (r *Result) ends() (first, last bench.Base, ok bool) {
	if len(r.Stages) < 3 {
		return first, last, false
	}
	rest := r.Stages[1:]
	third := max(1, len(rest)/3)
	return mean(rest[:third]), mean(rest[len(rest)-third:]), true
}

func mean(list []*Stage) (b bench.Base) {
	n := float64(len(list))
	for _, st := range list {
		b.Heap += st.Base.Heap / n
		b.RSS += st.Base.RSS / n
		b.Files += st.Base.Files / n
		b.Routines += st.Base.Routines / n
	}
	return b
}

func document(s *bench.Session, o *Options, r *Result) *report.Document {
	d := s.Document("soak", "Soak: a long day")
	d.Result = r
	verdict := r.Verdict
	if verdict == "" {
		verdict = "flat; nothing lost, repeated or wrong"
	}
	b, f := &r.Total, &r.Faults
	t := report.Table{Title: fmt.Sprintf("%v of players who come and go, %d bots with bad connections, and attacks in turns", o.For, o.Bots), Columns: []string{"", ""},
		Note: "The server is looked at after each stage, when attackers and bots are gone and half of the players play: heap and stacks after a collection. Flat means that the last third of the stages holds no more than the first third, but for what pools keep."}
	t.Add("verdict", verdict)
	t.Add("bots", fmt.Sprintf("%d connections cut, %d stalled, %d resumed", b.Drops, b.Stalls, b.Resumes))
	t.Add("their inputs", fmt.Sprintf("%d sent, %d applied, %d lost, %d applied twice", b.InputsSent, b.InputsApplied, b.InputsLost, b.InputsRepeated))
	t.Add("their states", fmt.Sprintf("%d compared, %d wrong", b.HashChecks, b.HashMismatches))
	t.Add("players", fmt.Sprintf("%d states compared, %d wrong, %d unreadable, %d cut off, %d snapshots left out by late matches", f.Checks, f.Mismatched, f.Corrupted, f.Closed, f.Lost))
	d.Tables = append(d.Tables, t)
	if first, last, ok := r.ends(); ok {
		g := report.Table{Title: "What the server holds", Columns: []string{"", "first third", "last third"}}
		g.Add("heap and stacks, MB", first.Heap/1e6, last.Heap/1e6)
		g.Add("RSS, MB", first.RSS/1e6, last.RSS/1e6)
		g.Add("descriptors", first.Files, last.Files)
		g.Add("goroutines", first.Routines, last.Routines)
		d.Tables = append(d.Tables, g)
	}
	d.Plots = []report.Plot{
		r.plot("Memory", "MB", map[string]func(*Stage) float64{
			"heap and stacks": func(st *Stage) float64 { return st.Base.Heap / 1e6 }, "RSS": func(st *Stage) float64 { return st.Base.RSS / 1e6 },
		}, "heap and stacks", "RSS"),
		r.plot("Descriptors and goroutines", "", map[string]func(*Stage) float64{
			"descriptors": func(st *Stage) float64 { return st.Base.Files }, "goroutines": func(st *Stage) float64 { return st.Base.Routines },
		}, "descriptors", "goroutines"),
		r.plot("p99 gap of the players, under attack", "ms", map[string]func(*Stage) float64{"gap": func(st *Stage) float64 { return st.GapP99 }}, "gap"),
	}
	return d
}

func (r *Result) plot(title, unit string, of map[string]func(*Stage) float64, names ...string) report.Plot {
	p := report.Plot{Title: title, X: "minutes", Y: unit}
	for _, name := range names {
		l := report.Line{Name: name}
		for _, st := range r.Stages {
			l.Points = append(l.Points, report.Point{X: st.At / 60, Y: of[name](st)})
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}
