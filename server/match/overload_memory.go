package match

import (
	"io/fs"
	"math"
	"path"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
)

// memoryGauge measures the memory of the Go runtime. One goroutine may use it.
type memoryGauge struct {
	bound   uint64 // where load shedding begins, bytes; 0: nowhere
	of      string // what the bound was made of, for the log
	limited bool   // the runtime keeps to GOMEMLIMIT by collecting its garbage
	samples []metrics.Sample
}

// newMemoryGauge finds the bound if none is given: 90 % of GOMEMLIMIT, else of
// the limit of the process's cgroup as the root directory shows it. A negative
// bound is none.
func newMemoryGauge(bound int64, root fs.FS) *memoryGauge {
	g := &memoryGauge{}
	limit := debug.SetMemoryLimit(-1)
	g.limited = limit != math.MaxInt64
	switch {
	case bound > 0:
		g.bound, g.of = uint64(bound), "ShedMemory"
	case bound < 0:
	case g.limited:
		g.bound, g.of = ninety(uint64(limit)), "GOMEMLIMIT"
	default:
		if limit, ok := cgroupLimit(root); ok {
			g.bound, g.of = ninety(limit), "cgroup"
		}
	}
	for _, name := range [...]string{
		"/memory/classes/total:bytes", "/memory/classes/heap/released:bytes",
		"/memory/classes/heap/free:bytes", "/memory/classes/heap/objects:bytes", "/gc/heap/live:bytes",
	} {
		g.samples = append(g.samples, metrics.Sample{Name: name})
	}
	return g
}

func ninety(n uint64) uint64 { return n - n/10 }

// read is how many bytes are in use, 0 without a bound. What counts is all that
// the operating system has given and not got back. With GOMEMLIMIT it is
// what no collection would free: below that limit the runtime lets garbage grow
// as it likes, and collects it when it must.
func (g *memoryGauge) read() uint64 {
	if g.bound == 0 {
		return 0
	}
	metrics.Read(g.samples)
	var v [5]uint64
	for i := range v {
		if g.samples[i].Value.Kind() == metrics.KindUint64 {
			v[i] = g.samples[i].Value.Uint64()
		}
	}
	total, released, free, objects, live := v[0], v[1], v[2], v[3], v[4]
	used := total - released
	if !g.limited {
		return used
	}
	if objects > live {
		used -= objects - live
	}
	return used - min(used, free)
}

// cgroupLimit is the least of the memory limits of the process's cgroup and of
// those above it. Of version 1 it sees what a container sees: its own.
func cgroupLimit(root fs.FS) (limit uint64, ok bool) {
	const mount = "sys/fs/cgroup"
	files := []string{mount + "/memory/memory.limit_in_bytes"}
	if text, err := fs.ReadFile(root, "proc/self/cgroup"); err == nil {
		for line := range strings.Lines(string(text)) {
			if dir, ok := strings.CutPrefix(strings.TrimSpace(line), "0::/"); ok {
				for dir = path.Clean(dir); dir != "." && dir != ".."; dir = path.Dir(dir) {
					files = append(files, path.Join(mount, dir, "memory.max"))
				}
			}
		}
	}
	files = append(files, mount+"/memory.max")
	for _, name := range files {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && n > 0 && n < 1<<60 && (!ok || n < limit) { // version 1 writes "none" as a huge number
			limit, ok = n, true
		}
	}
	return limit, ok
}
