package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// shedFlags say when the server has too much to do.
type shedFlags struct {
	ShedLateness time.Duration `group:"Limits" default:"20ms" help:"Begin no new matches while one turn in a hundred of all matches begins later than this, over 5 s; at twice this let only those in who have a seat. 0 for never."`
	ShedMemory   memorySize    `group:"Limits" default:"auto" placeholder:"auto|BYTES" help:"Begin no new matches while the program uses more memory than this, such as 900MB; at 5% more let only those in who have a seat. auto is 90% of GOMEMLIMIT, else of the cgroup's limit, else never; 0 is never."`
}

// lateness is the flag as the server spells it: 0 there is the default.
func (f *shedFlags) lateness() time.Duration {
	if f.ShedLateness == 0 {
		return -1
	}
	return f.ShedLateness
}

// memorySize is an amount of memory in bytes as the server spells it: 0 is auto,
// negative is off.
type memorySize int64

var sizeUnits = []struct {
	suffix string
	bytes  int64
}{ // longer ones first
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1},
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *memorySize) UnmarshalText(text []byte) error {
	s := string(text)
	switch s {
	case "auto":
		*m = 0
		return nil
	case "0":
		*m = -1
		return nil
	}
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err == nil && n >= 1 && n <= 1<<50/u.bytes && n*u.bytes >= 1<<20 {
			*m = memorySize(n * u.bytes)
			return nil
		}
		break
	}
	return fmt.Errorf("%q is no amount of memory: write 900MB, 2GiB or the like, at least 1MiB, or auto, or 0 for no limit", s)
}
