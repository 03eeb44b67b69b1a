package servertest

import (
	"strconv"
	"strings"
)

// Metrics is a metrics page in text form.
type Metrics string

// Sum adds up the series of that name whose labels contain each of labels,
// such as `reason="window"`.
func (m Metrics) Sum(name string, labels ...string) float64 {
	sum := 0.0
lines:
	for line := range strings.Lines(string(m)) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || rest == "" || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(rest, label) {
				continue lines
			}
		}
		fields := strings.Fields(rest)
		if v, err := strconv.ParseFloat(fields[len(fields)-1], 64); err == nil {
			sum += v
		}
	}
	return sum
}

// Has reports whether a series of that name is on the page.
func (m Metrics) Has(name string) bool {
	return strings.Contains("\n"+string(m), "\n"+name+"{") || strings.Contains("\n"+string(m), "\n"+name+" ")
}
