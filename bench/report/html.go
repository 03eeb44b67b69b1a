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

// section is a document on the page.
type section struct {
	*Document
	Drawn    []template.HTML
	Sections []*section
}

// html writes the report: nothing in it is loaded from elsewhere.
func (d *Document) html(w io.Writer) error {
	whole, err := d.section()
	if err != nil {
		return err
	}
	return page.Execute(w, whole)
}

func (d *Document) section() (*section, error) {
	s := &section{Document: d}
	for _, p := range d.Plots {
		var b bytes.Buffer
		if err := p.svg(&b); err != nil {
			return nil, err
		}
		svg := b.Bytes()
		if i := bytes.Index(svg, []byte("<svg")); i > 0 {
			svg = svg[i:] // without the XML declaration
		}
		s.Drawn = append(s.Drawn, template.HTML(svg)) // #nosec G203 -- drawn here from numbers
	}
	for _, part := range d.Parts {
		below, err := part.section()
		if err != nil {
			return nil, err
		}
		s.Sections = append(s.Sections, below)
	}
	return s, nil
}
