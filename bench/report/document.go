package report

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"arbiter/bench/machine"
)

// Document is one run of one benchmark.
type Document struct {
	Command string              `json:"command"` // as "arbiter bench capacity"
	Title   string              `json:"-"`
	Machine machine.Description `json:"machine"`
	Seconds float64             `json:"seconds"` // that the run took
	Notes   []string            `json:"notes,omitempty"`
	Tables  []Table             `json:"-"`
	Plots   []Plot              `json:"-"`
	Result  any                 `json:"result,omitempty"` // the benchmark's own figures
	Parts   []*Document         `json:"parts,omitempty"`  // of a run of several benchmarks
}

// Table is figures in words. Rows are as long as Columns.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
	Note    string
}

// Add appends a row; floats are printed with three digits, other values as
// they are.
func (t *Table) Add(values ...any) {
	var row []string
	for _, v := range values {
		switch v := v.(type) {
		case float64:
			row = append(row, Number(v))
		default:
			row = append(row, fmt.Sprint(v))
		}
	}
	t.Rows = append(t.Rows, row)
}

// Number prints v with about three digits.
func Number(v float64) string {
	switch a := max(v, -v); {
	case a == 0:
		return "0"
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	case a >= 0.1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

// Output is where a document goes.
type Output struct {
	JSON bool   `name:"json" help:"Print the result as JSON on standard output instead of text."`
	HTML string `name:"html" placeholder:"FILE" help:"File for the report, a single page; off for none. Default: bench-COMMAND.html."`
	Save string `name:"save" placeholder:"FILE" help:"Also write the result as JSON to this file."`
}

// Write prints d on w and writes its files; where to is told on progress.
func (o *Output) Write(d *Document, w, progress io.Writer) error {
	path := o.HTML
	if path == "" {
		path = "bench-" + d.Name() + ".html"
	}
	for _, file := range []struct {
		path string
		form func(io.Writer) error
	}{{path, d.html}, {o.Save, d.json}} {
		if file.path == "off" || file.path == "" {
			continue
		}
		if err := writeFile(file.path, file.form); err != nil {
			return fmt.Errorf("bench: report: %w", err)
		}
		fmt.Fprintln(progress, "report:", file.path)
	}
	if o.JSON {
		return d.json(w)
	}
	return d.text(w)
}

// Name is the last word of the command that is not a flag: capacity of
// "arbiter bench capacity --quick".
func (d *Document) Name() string {
	command, _, _ := strings.Cut(d.Command, " --")
	return command[strings.LastIndexByte(command, ' ')+1:]
}

func writeFile(path string, form func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := form(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func (d *Document) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

func (d *Document) text(w io.Writer) error {
	if err := d.body(w); err != nil {
		return err
	}
	for _, part := range d.Parts {
		fmt.Fprintln(w)
		if err := part.body(w); err != nil {
			return err
		}
	}
	return nil
}

func (d *Document) body(w io.Writer) error {
	fmt.Fprintf(w, "%s\n%v\n", d.Title, d.Machine)
	for _, t := range d.Tables {
		fmt.Fprintf(w, "\n%s\n", t.Title)
		tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(tab, strings.Join(t.Columns, "\t"))
		for _, row := range t.Rows {
			fmt.Fprintln(tab, strings.Join(row, "\t"))
		}
		if err := tab.Flush(); err != nil {
			return err
		}
		if t.Note != "" {
			fmt.Fprintln(w, t.Note)
		}
	}
	for _, n := range d.Notes {
		fmt.Fprintf(w, "\nNote: %s\n", n)
	}
	return nil
}
