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
	Result  any                 `json:"result"` // the benchmark's own figures
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
	HTML string `name:"html" placeholder:"FILE" help:"Where the report goes, one file that opens from disk; bench-COMMAND.html unless given, off for none."`
}

// Write prints d on w and writes its HTML report; where to is told on progress.
func (o *Output) Write(d *Document, w, progress io.Writer) error {
	path := o.HTML
	if path == "" {
		path = "bench-" + d.Command[strings.LastIndexByte(d.Command, ' ')+1:] + ".html"
	}
	if path != "off" {
		if err := d.writeFile(path); err != nil {
			return fmt.Errorf("bench: report: %w", err)
		}
		fmt.Fprintln(progress, "report:", path)
	}
	if o.JSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(d)
	}
	return d.text(w)
}

func (d *Document) writeFile(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := d.html(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (d *Document) text(w io.Writer) error {
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
