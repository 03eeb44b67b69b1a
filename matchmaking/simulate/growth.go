package simulate

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"arbiter/matchmaking"
)

// Growth is what one pass over a number of waiting tickets costs.
type Growth struct {
	Tickets int           `json:"tickets"`
	Pass    time.Duration `json:"pass_ns"` // the shortest of three
	Bytes   float64       `json:"bytes"`   // of heap for each ticket, the pass's memory included
	Rosters int           `json:"rosters"`
}

// Sizes are the numbers of waiting tickets that RunGrowth measures.
var Sizes = []int{1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000}

// RunGrowth measures the time of a pass over 1,000 to 1,000,000 waiting tickets,
// prints it, and draws it into the SVG file out, unless that is empty. It takes
// about a minute and 1.5 GB of memory.
func RunGrowth(ctx context.Context, rulesName, out string, stdout io.Writer) error {
	r, err := load(rulesName)
	if err != nil {
		return err
	}
	growth, err := MeasureGrowth(ctx, r, Sizes, stdout)
	if err != nil || out == "" {
		return err
	}
	var image bytes.Buffer
	if err := PlotGrowth(&image, growth); err != nil {
		return err
	}
	if err := os.WriteFile(out, image.Bytes(), 0o644); err != nil {
		return fmt.Errorf("simulate: plot: %w", err)
	}
	return nil
}

// MeasureGrowth measures one pass for each size, over tickets that arrived within
// 30 s and of which none is matched yet, and prints the results.
func MeasureGrowth(ctx context.Context, r matchmaking.Rules, sizes []int, stdout io.Writer) ([]Growth, error) {
	var out []Growth
	for _, n := range sizes {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		g, err := grow(r, n)
		if err != nil {
			return out, err
		}
		out = append(out, g)
		fmt.Fprintf(stdout, "%8d tickets  %9.2f ms  %6.0f ns a ticket  %5.0f bytes a ticket  %6d rosters\n",
			n, ms(g.Pass), float64(g.Pass)/float64(n), g.Bytes, g.Rosters)
	}
	return out, nil
}

func grow(r matchmaking.Rules, n int) (Growth, error) {
	m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
	if err != nil {
		return Growth{}, err
	}
	const while = 30 * time.Second
	arrivals := Poisson{Rate: float64(n) / while.Seconds() * 1.05, Solo: 0.65, Mean: 1500, Deviation: 350, Seed: 1}.Arrivals(r)
	before := heap()
	var waiting []*matchmaking.Entry
	for len(waiting) < n {
		t, err := arrivals.Next()
		if err != nil {
			return Growth{}, err
		}
		if e, err := m.Admit(t); err == nil {
			waiting = append(waiting, e)
		}
	}
	g := Growth{Tickets: n, Pass: math.MaxInt64}
	for range 3 {
		began := time.Now()
		g.Rosters = len(m.Pass(while, waiting, nil))
		g.Pass = min(g.Pass, time.Since(began))
	}
	g.Bytes = float64(int64(heap())-int64(before)) / float64(n)
	runtime.KeepAlive(waiting)
	runtime.KeepAlive(m)
	return g, nil
}

func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// PlotGrowth draws passes as SVG, both axes logarithmic, beside n log n
// through the first point.
func PlotGrowth(w io.Writer, growth []Growth) error {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = "One pass over all waiting tickets, 5v5", "tickets waiting", "milliseconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Add(plotter.NewGrid())
	p.Legend.Left, p.Legend.Top = true, true
	var passes, ideal plotter.XYs
	nlogn := func(n int) float64 { return float64(n) * math.Log2(float64(n)) }
	for _, g := range growth {
		passes = append(passes, plotter.XY{X: float64(g.Tickets), Y: ms(g.Pass)})
		ideal = append(ideal, plotter.XY{X: float64(g.Tickets), Y: ms(growth[0].Pass) * nlogn(g.Tickets) / nlogn(growth[0].Tickets)})
	}
	for i, xys := range []plotter.XYs{passes, ideal} {
		line, points, err := plotter.NewLinePoints(xys)
		if err != nil {
			return fmt.Errorf("simulate: plot: %w", err)
		}
		line.Color, line.Width, points.Color = inks[i], vg.Points(1.5), inks[i]
		p.Add(line, points)
		p.Legend.Add([]string{"measured", "n log n"}[i], line)
	}
	canvas := vgsvg.New(16*vg.Centimeter, 11*vg.Centimeter)
	p.Draw(draw.New(canvas))
	return writeSVG(w, canvas)
}
