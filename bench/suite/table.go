package suite

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"arbiter/bench"
	"arbiter/bench/machine"
	"arbiter/bench/peers"
	"arbiter/bench/report"
)

// saved is a report as its JSON has it.
type saved struct {
	Command string              `json:"command"`
	Machine machine.Description `json:"machine"`
	Notes   []string            `json:"notes"`
	Parts   []struct {
		Command string          `json:"command"`
		Notes   []string        `json:"notes"`
		Result  json.RawMessage `json:"result"`
	} `json:"parts"`
}

// result fills v with the part of that name, and reports whether there is one.
func (s *saved) result(name string, v any) (bool, error) {
	for _, p := range s.Parts {
		if d := (&report.Document{Command: p.Command}); d.Name() == name {
			if err := json.Unmarshal(p.Result, v); err != nil {
				return false, fmt.Errorf("bench: the result of %s: %w", name, err)
			}
			return true, nil
		}
	}
	return false, nil
}

// noisy reports whether a part of it says that other programs were in the way.
func (s *saved) noisy() bool {
	for _, p := range s.Parts {
		if slices.Contains(p.Notes, bench.Noise) {
			return true
		}
	}
	return false
}

// Table makes the README's table of a saved report. path is that of the file,
// as the README links to it.
func Table(text []byte, path string) (string, error) {
	var s saved
	if err := json.Unmarshal(text, &s); err != nil {
		return "", fmt.Errorf("bench: %s is not a report: %w: make one with arbiter bench all --save FILE", path, err)
	}
	var list []*peers.Result
	if ok, err := s.result("peers", &list); err != nil {
		return "", err
	} else if !ok || len(list) == 0 {
		return "", fmt.Errorf("bench: %s has no comparison with peers: make a report of all benchmarks with arbiter bench all --save FILE", path)
	}
	clients := 0
	if len(list[0].Rounds) > 0 {
		clients = list[0].Rounds[0].Clients
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| server | clients held | server CPU, µs a client·tick at %d | × floor | payload of a snapshot, bytes | memory a client |\n", clients)
	b.WriteString("|---|---|---|---|---|---|\n")
	for _, r := range list {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.Name, r.Held(), report.Number(r.CPU), report.Number(r.Ratio), report.Number(r.Bytes), kilobytes(r.Memory))
	}
	aims, err := s.targets()
	if err != nil {
		return "", err
	}
	if aims != "" {
		b.WriteString("\n" + aims)
	}
	fmt.Fprintf(&b, "\n`%s` on %v, %s; everything is in [%s](%s).%s\n", s.Command, &s.Machine, s.Machine.Date.Format("2 January 2006"), filepath.Base(path), path,
		with(s.noisy(), " Other programs, or other guests of its hypervisor, had its processors meanwhile."))
	return b.String(), nil
}

func with(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

func kilobytes(v float64) string { return report.Number(v/1000) + " KB" }

// marked is the part of a text that the table is.
var marked = regexp.MustCompile(`(?s)(<!-- begin bench -->\n)(.*?)(<!-- end bench -->)`)

// source finds the report that a table was made of.
var source = regexp.MustCompile(`everything is in \[[^]]*\]\(([^)]*)\)`)

// TableOptions are those of "arbiter bench table".
type TableOptions struct {
	Result string `arg:"" placeholder:"FILE" help:"Report written by --save."`
	Into   string `placeholder:"FILE" help:"Write the table between <!-- begin bench --> and <!-- end bench --> of this file instead of printing it. The report's path must be relative to the file's folder."`
}

// Write makes the table, and returns it if it is not to be put into a file.
func (o *TableOptions) Write() (string, error) {
	text, err := os.ReadFile(o.Result)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	path := o.Result
	if o.Into != "" {
		if path, err = filepath.Rel(filepath.Dir(o.Into), o.Result); err != nil {
			return "", fmt.Errorf("bench: %w: give both paths in the same way", err)
		}
	}
	table, err := Table(text, filepath.ToSlash(path))
	if err != nil || o.Into == "" {
		return table, err
	}
	was, err := os.ReadFile(o.Into)
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	if !marked.Match(was) {
		return "", fmt.Errorf("bench: %s has no <!-- begin bench --> and <!-- end bench -->: put them where the table belongs", o.Into)
	}
	is := marked.ReplaceAllStringFunc(string(was), func(m string) string {
		p := marked.FindStringSubmatch(m)
		return p[1] + table + p[3]
	})
	return "", os.WriteFile(o.Into, []byte(is), 0o644)
}
