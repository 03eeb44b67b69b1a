package simulate

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"math"
	"regexp"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// inks are the colours of the runs: the matcher, then the baseline.
var inks = []color.Color{color.RGBA{0x1f, 0x6f, 0xb4, 0xff}, color.RGBA{0xd9, 0x5f, 0x0e, 0xff}}

// Plot draws a result as SVG: the distributions of waits, skill spread and gap
// between teams, and the length of the queue over time, of all runs.
func Plot(w io.Writer, result Result) error {
	panels := []struct {
		title, x, y string
		of          func(Measured) []Point
	}{
		{"Wait", "seconds", "share of tickets", func(m Measured) []Point { return m.WaitCurve }},
		{"Skill spread of a match", "highest − lowest", "share of matches", func(m Measured) []Point { return m.SkillCurve }},
		{"Gap between teams' means", "skill", "share of matches", func(m Measured) []Point { return m.GapCurve }},
		{"Queue", "seconds", "tickets waiting", func(m Measured) []Point { return m.QueueCurve }},
	}
	rows := [][]*plot.Plot{{nil, nil}, {nil, nil}}
	for i, panel := range panels {
		p, err := curves(panel.title, panel.x, panel.y, result.Runs, panel.of)
		if err != nil {
			return fmt.Errorf("simulate: plot of %s: %w", panel.title, err)
		}
		rows[i/2][i%2] = p
	}
	canvas := vgsvg.New(24*vg.Centimeter, 16*vg.Centimeter)
	tiles := draw.Tiles{Rows: 2, Cols: 2, PadX: 8 * vg.Millimeter, PadY: 8 * vg.Millimeter, PadTop: 2 * vg.Millimeter, PadLeft: 2 * vg.Millimeter, PadRight: 4 * vg.Millimeter, PadBottom: 2 * vg.Millimeter}
	for i, row := range plot.Align(rows, tiles, draw.New(canvas)) {
		for j, c := range row {
			rows[i][j].Draw(c)
		}
	}
	return writeSVG(w, canvas)
}

// writeSVG writes a picture as wide as the page that it stands on, with texts in
// the page's font without serifs.
func writeSVG(w io.Writer, canvas *vgsvg.Canvas) error {
	var made bytes.Buffer
	if _, err := canvas.WriteTo(&made); err != nil {
		return err
	}
	text := fixedSize.ReplaceAll(made.Bytes(), []byte(`<svg width="100%"`))
	text = fonts.ReplaceAll(text, []byte("font-family:system-ui,sans-serif;"))
	_, err := w.Write(text)
	return err
}

var (
	fixedSize = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*"`)
	fonts     = regexp.MustCompile(`font-family:[^;"]*;`)
)

// ticks are at round numbers, written as short as they are.
type ticks struct{}

// Ticks implements [plot.Ticker].
func (ticks) Ticks(from, to float64) []plot.Tick {
	list := plot.DefaultTicks{}.Ticks(from, to)
	for i := range list {
		if list[i].Label != "" {
			list[i].Label = strconv.FormatFloat(math.Round(list[i].Value*1e6)/1e6, 'f', -1, 64)
		}
	}
	return list
}

func curves(title, x, y string, runs []Measured, of func(Measured) []Point) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Add(plotter.NewGrid())
	p.X.Min, p.Y.Min = 0, 0
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{}, ticks{}
	end := 1.0
	for i, m := range runs {
		points := of(m)
		if len(points) == 0 {
			continue
		}
		xys := make(plotter.XYs, len(points))
		for k, pt := range points {
			xys[k].X, xys[k].Y = pt.X, pt.Share
		}
		end = max(end, tail(points))
		line, err := plotter.NewLine(xys)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = inks[i%len(inks)], vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(m.Matcher, line)
	}
	p.X.Max = end
	return p, nil
}

// tail is the end of the X axis: of a distribution where its last half percent
// begins, which would leave little room for the rest; of a curve over time its end.
func tail(points []Point) float64 {
	for _, pt := range points {
		if pt.Share >= 0.995 && points[len(points)-1].Share == 1 {
			return pt.X
		}
	}
	return points[len(points)-1].X
}
