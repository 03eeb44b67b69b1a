package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func sample() *Document {
	d := &Document{Command: "arbiter bench test", Title: "Test <1>", Notes: []string{"a note"}, Result: map[string]int{"clients": 7}}
	t := Table{Title: "Figures", Columns: []string{"what", "value"}, Note: "below"}
	t.Add("first & last", 12.345)
	d.Tables = []Table{t}
	d.Plots = []Plot{
		{Title: "Lines", X: "x", Y: "y", Limit: 3, Lines: []Line{{"one", []Point{{0, 1}, {1, 2}}}, {Name: "none"}}},
		{Title: "Bars", Bars: []Bar{{"a", 1}, {"b", 2}}},
	}
	return d
}

// TestWrite checks that all three forms have the figures, and that the page
// loads nothing.
func TestWrite(t *testing.T) {
	path, saved := filepath.Join(t.TempDir(), "r.html"), filepath.Join(t.TempDir(), "r.json")
	var out, progress bytes.Buffer
	if err := (&Output{HTML: path, Save: saved}).Write(sample(), &out, &progress); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "first & last  12.3") || !strings.Contains(out.String(), "Note: a note") {
		t.Errorf("text: %s", out.String())
	}
	html, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Test &lt;1&gt;", "first &amp; last", "12.3", "a note"} {
		if !bytes.Contains(html, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bytes.Count(html, []byte("<svg")) != 2 || bytes.Contains(html, []byte("src=")) || bytes.Contains(html, []byte("<link")) {
		t.Error("the page lacks a plot or loads something")
	}
	out.Reset()
	if err := (&Output{JSON: true, HTML: "off"}).Write(sample(), &out, &progress); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(saved); err != nil || string(kept) != out.String() {
		t.Errorf("%v: the saved JSON is not the printed one: %s", err, kept)
	}
	var got struct{ Result struct{ Clients int } }
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Result.Clients != 7 {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1234.5: "1234", 12.34: "12.3", 1.234: "1.23", 0.01234: "0.012"} {
		if got := Number(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}

// TestParts checks that a run of several benchmarks has all of them in all
// forms.
func TestParts(t *testing.T) {
	other := sample()
	other.Command, other.Title = "arbiter bench other --for 3s", "Other"
	all := &Document{Command: "arbiter bench all", Title: "All", Parts: []*Document{sample(), other}}
	var html, text bytes.Buffer
	if err := errors.Join(all.html(&html), all.text(&text)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`href="#other"`, `id="other"`, `id="test"`, "arbiter bench other --for 3s"} {
		if !strings.Contains(html.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if n := strings.Count(html.String(), "<svg"); n != 4 {
		t.Errorf("%d plots, want 4", n)
	}
	if n := strings.Count(text.String(), "first & last  12.3"); n != 2 {
		t.Errorf("the text has %d of 2 tables: %s", n, &text)
	}
}
