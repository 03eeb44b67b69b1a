package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// html writes the report: nothing in it is loaded from elsewhere.
func (d *Document) html(w io.Writer) error {
	var plots []template.HTML
	for _, p := range d.Plots {
		var b bytes.Buffer
		if err := p.svg(&b); err != nil {
			return err
		}
		svg := b.Bytes()
		if i := bytes.Index(svg, []byte("<svg")); i > 0 {
			svg = svg[i:] // without the XML declaration
		}
		plots = append(plots, template.HTML(svg)) // #nosec G203 -- drawn here from numbers
	}
	return page.Execute(w, struct {
		*Document
		Drawn []template.HTML
	}{d, plots})
}
