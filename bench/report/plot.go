package report

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Plot is lines over one pair of axes, which begin at zero.
type Plot struct {
	Title, X, Y string
	Lines       []Line
	Bars        []Bar   // instead of lines
	Limit       float64 // a level that counts; 0: none
}

// Line is one curve, in order of X.
type Line struct {
	Name   string
	Points []Point
}

// Point is one measurement.
type Point struct{ X, Y float64 }

// Bar is one value with a name.
type Bar struct {
	Name  string
	Value float64
}

var inks = []color.Color{
	color.RGBA{0x1f, 0x6f, 0xb4, 0xff}, color.RGBA{0xd9, 0x5f, 0x0e, 0xff}, color.RGBA{0x2c, 0x8c, 0x5a, 0xff}, color.RGBA{0x8a, 0x4f, 0xb0, 0xff},
}

func (p *Plot) svg(w io.Writer) error {
	drawn := plot.New()
	drawn.Title.Text, drawn.X.Label.Text, drawn.Y.Label.Text = p.Title, p.X, p.Y
	drawn.Add(plotter.NewGrid())
	drawn.Legend.Top, drawn.Legend.Left = true, true
	for i, l := range p.Lines {
		if len(l.Points) == 0 {
			continue
		}
		if err := addLine(drawn, l, inks[i%len(inks)]); err != nil {
			return fmt.Errorf("plot %q: %w", p.Title, err)
		}
	}
	if len(p.Bars) > 0 {
		if err := addBars(drawn, p.Bars); err != nil {
			return fmt.Errorf("plot %q: %w", p.Title, err)
		}
	}
	if p.Limit > 0 {
		level := plotter.NewFunction(func(float64) float64 { return p.Limit })
		level.Dashes, level.Color = []vg.Length{vg.Points(4), vg.Points(3)}, color.Gray{0x80}
		drawn.Add(level)
		drawn.Y.Max = max(drawn.Y.Max, p.Limit*1.1)
	}
	drawn.Y.Min = 0
	if len(p.Bars) == 0 {
		drawn.X.Min = 0
	}
	canvas := vgsvg.New(18*vg.Centimeter, 9*vg.Centimeter)
	drawn.Draw(draw.New(canvas))
	_, err := canvas.WriteTo(w)
	return err
}

func addLine(drawn *plot.Plot, l Line, ink color.Color) error {
	xys := make(plotter.XYs, len(l.Points))
	for i, at := range l.Points {
		xys[i] = plotter.XY(at)
	}
	line, dots, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = ink, vg.Points(1.5)
	dots.Color, dots.Shape, dots.Radius = ink, draw.CircleGlyph{}, vg.Points(2)
	drawn.Add(line, dots)
	drawn.Legend.Add(l.Name, line, dots)
	return nil
}

func addBars(drawn *plot.Plot, list []Bar) error {
	var values plotter.Values
	var names []string
	for _, b := range list {
		values, names = append(values, b.Value), append(names, b.Name)
	}
	bars, err := plotter.NewBarChart(values, vg.Points(24))
	if err != nil {
		return err
	}
	bars.Color, bars.LineStyle.Width = inks[0], 0
	drawn.Add(bars)
	drawn.NominalX(names...)
	return nil
}
