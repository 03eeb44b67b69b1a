package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// hot are Go benchmarks of the hot path whose instructions are counted: one
// each of what a message and a tick consist of. Each runs so often that what
// the runtime does besides, 100,000 instructions or so, does not show.
var hot = []struct {
	pkg, name string
	runs      int
}{
	{"./netcode", "ParseInputs", 20_000},
	{"./netcode/replicate", "Buffer", 20_000},
	{"./netcode/replicate", "Capture100", 2000},
	{"./netcode/replicate", "Encode100", 1000},
	{"./netcode/replicate", "Tick64Clients", 500},
	{"./server/transport", "Parse", 20_000},
	{"./game/arena", "Step/arena/64", 300},
}

// instructions names the count in the baseline.
const instructions = "instructions"

// valgrind counts instructions: the same number every time to one in a
// hundred, on whatever machine, as long as the compiler is the same. It is
// Callgrind's count (Weidendorfer, 2004), of which the profile is thrown away.
type valgrind struct{ program, dir string }

// newValgrind finds it, and makes room for programs in dir.
func newValgrind(dir string) (*valgrind, error) {
	program, err := exec.LookPath("valgrind")
	if err != nil {
		return nil, fmt.Errorf("bench: instructions are counted by valgrind: %w: install it (Debian: the package valgrind), or say --no-instructions", err)
	}
	return &valgrind{program, dir}, nil
}

// fewRuns are made first, and then as many more as are to be counted: what is
// done once cancels out.
const fewRuns = 100

// count is how many instructions a benchmark of a package takes each of so many
// times.
func (v *valgrind) count(ctx context.Context, source, pkg, name string, runs int) (int64, error) {
	program := filepath.Join(v.dir, path.Base(pkg)+".test")
	if _, err := os.Stat(program); err != nil {
		build := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, pkg)
		build.Dir = source
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("bench: go test -c %s: %w: run it in the repository (--source): %.2000s", pkg, err, out)
		}
	}
	few, err := v.run(ctx, filepath.Join(source, pkg), program, name, fewRuns)
	if err != nil {
		return 0, err
	}
	more, err := v.run(ctx, filepath.Join(source, pkg), program, name, fewRuns+runs)
	return (more - few) / int64(runs), err
}

// attempts is how often a run is made that valgrind gives up: it does not know
// all that Go's runtime may do at its start.
const attempts = 3

func (v *valgrind) run(ctx context.Context, dir, program, name string, runs int) (n int64, err error) {
	parts := strings.Split("Benchmark"+name, "/")
	for i, p := range parts {
		parts[i] = "^" + p + "$"
	}
	for range attempts {
		c := exec.CommandContext(ctx, v.program, "--tool=callgrind", "--callgrind-out-file=/dev/null",
			program, "-test.run=^$", "-test.bench="+strings.Join(parts, "/"), "-test.benchtime="+strconv.Itoa(runs)+"x")
		c.Dir = dir
		c.Env = append(os.Environ(), "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1") // or it is chance what is counted besides
		out, failed := c.CombinedOutput()
		if n, err = collected(string(out)); failed == nil && err == nil {
			return n, nil
		}
		err = fmt.Errorf("bench: valgrind %s %s: %w: %.2000s", filepath.Base(program), name, errors.Join(failed, err), out)
		if ctx.Err() != nil {
			break
		}
	}
	return 0, err
}

var total = regexp.MustCompile(`(?m)^==\d+== Collected : (\d+)$`)

// collected reads callgrind's sum, of a run in which a benchmark ran.
func collected(out string) (int64, error) {
	m := total.FindStringSubmatch(out)
	if m == nil || !strings.Contains(out, " ns/op") {
		return 0, errors.New("no benchmark ran to its end")
	}
	return strconv.ParseInt(m[1], 10, 64)
}

// countInstructions adds what the hot path takes.
func (c Counts) countInstructions(ctx context.Context, source string, say func(format string, args ...any)) error {
	dir, err := os.MkdirTemp("", "arbiter-check-")
	if err != nil {
		return fmt.Errorf("bench: a place for programs: %w", err)
	}
	defer os.RemoveAll(dir)
	v, err := newValgrind(dir)
	if err != nil {
		return err
	}
	for _, h := range hot {
		n, err := v.count(ctx, source, h.pkg, h.name, h.runs)
		if err != nil {
			return err
		}
		about := path.Base(h.pkg) + "." + h.name
		if c[about] == nil {
			c[about] = map[string]float64{}
		}
		c[about][instructions] = float64(n)
		say("instructions of %s", about)
	}
	return nil
}
