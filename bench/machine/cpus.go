package machine

import (
	"fmt"
	"strconv"
	"strings"
)

// CPUs is a set of processors, as in the flags --server-cpus and --load-cpus.
// Empty means all.
type CPUs []int

// ParseCPUs reads "0", "0,2" or "0-3,6".
func ParseCPUs(s string) (CPUs, error) {
	var list CPUs
	if s == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(s, ",") {
		low, high, isRange := strings.Cut(part, "-")
		a, err := strconv.Atoi(low)
		b := a
		if isRange && err == nil {
			b, err = strconv.Atoi(high)
		}
		if err != nil || a < 0 || b < a || b > 1023 {
			return nil, fmt.Errorf("bench: %q is no set of processors: write 0, 0,2 or 0-3", s)
		}
		for n := a; n <= b; n++ {
			list = append(list, n)
		}
	}
	return list, nil
}

// String is the form that ParseCPUs reads.
func (c CPUs) String() string {
	if len(c) == 0 {
		return "all"
	}
	var s []string
	for _, n := range c {
		s = append(s, strconv.Itoa(n))
	}
	return strings.Join(s, ",")
}

// Overlaps reports whether both sets share a processor.
func (c CPUs) Overlaps(o CPUs) bool {
	for _, a := range c {
		for _, b := range o {
			if a == b {
				return true
			}
		}
	}
	return len(c) == 0 || len(o) == 0
}
