package app

import (
	"strings"
	"testing"
	"time"
)

func TestShedFlags(t *testing.T) {
	t.Setenv("ARBITER_SHED_LATENESS", "")
	for args, want := range map[string]struct {
		lateness time.Duration
		memory   int64
	}{
		"":                                       {0, 0},
		"--shed-lateness 0 --shed-memory 0":      {-1, -1},
		"--shed-lateness 5ms --shed-memory auto": {5 * time.Millisecond, 0},
		"--shed-memory 900MB":                    {0, 900e6},
		"--shed-memory 2GiB":                     {0, 2 << 30},
		"--shed-memory 268435456":                {0, 256 << 20},
	} {
		c, err := parsed(t, strings.Fields(args)...)
		if err != nil || time.Duration(c.ShedLateness) != want.lateness || int64(c.ShedMemory) != want.memory {
			t.Errorf("%q: %v, %d, %v; want %+v", args, time.Duration(c.ShedLateness), c.ShedMemory, err, want)
		}
	}
	for _, text := range []string{"12", "x", "1.5GB", "-1GB", "99999999GiB", "1MB extra", "9223372036854775807"} {
		if c, err := parsed(t, "--shed-memory="+text); err == nil || !strings.Contains(err.Error(), "is not an amount of memory: write 900MB") {
			t.Errorf("%q: %d, %v", text, c.ShedMemory, err)
		}
	}
}
