package micro

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Line is one benchmark: medians by their unit.
type Line struct {
	Name   string             `json:"name"` // with the package's last folder
	Values map[string]float64 `json:"values"`
}

var processors = regexp.MustCompile(`-\d+$`)

// parse reads what go test prints.
func parse(text string) []Line {
	pkg := ""
	var names []string
	all := map[string]map[string][]float64{}
	for line := range strings.Lines(text) {
		if path, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = strings.TrimSpace(path)[strings.LastIndexByte(strings.TrimSpace(path), '/')+1:]
		}
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := pkg + "." + processors.ReplaceAllString(strings.TrimPrefix(f[0], "Benchmark"), "")
		if all[name] == nil {
			all[name] = map[string][]float64{}
			names = append(names, name)
		}
		for i := 2; i+1 < len(f); i += 2 {
			if v, err := strconv.ParseFloat(f[i], 64); err == nil {
				all[name][f[i+1]] = append(all[name][f[i+1]], v)
			}
		}
	}
	var list []Line
	for _, name := range names {
		l := Line{Name: name, Values: map[string]float64{}}
		for unit, values := range all[name] {
			slices.Sort(values)
			l.Values[unit] = values[len(values)/2]
		}
		list = append(list, l)
	}
	return list
}

// rest is what a benchmark says besides the usual.
func (l *Line) rest() string {
	var list []string
	for _, unit := range slices.Sorted(maps.Keys(l.Values)) {
		switch unit {
		case "ns/op", "B/op", "allocs/op":
		default:
			list = append(list, fmt.Sprintf("%.4g %s", l.Values[unit], unit))
		}
	}
	return strings.Join(list, ", ")
}
