package check

import (
	"errors"
	"math"
	"os/exec"
	"strings"
	"testing"
)

var sink int

func additions(b *testing.B, n int) {
	for b.Loop() {
		for i := range n {
			sink += i
		}
	}
}

func BenchmarkOnce(b *testing.B)  { additions(b, 10_000) }
func BenchmarkTwice(b *testing.B) { b.Run("in/two", func(b *testing.B) { additions(b, 20_000) }) }

// TestInstructions counts twice the work as twice the instructions.
func TestInstructions(t *testing.T) {
	v, err := newValgrind(t.TempDir())
	if err != nil {
		t.Skip(err) // make test installs it
	}
	var counts []float64
	for _, name := range []string{"Once", "Twice/in/two"} {
		n, err := v.count(t.Context(), "..", "./check", name, 200)
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, float64(n))
	}
	if ratio := counts[1] / counts[0]; counts[0] < 10_000 || math.Abs(ratio-2) > 0.1 {
		t.Errorf("%.0f and %.0f instructions; want twice as many", counts[0], counts[1])
	}
	if _, err := v.count(t.Context(), "..", "./check", "None", 10); err == nil || !strings.Contains(err.Error(), "no benchmark ran") {
		t.Errorf("a benchmark that is not there: %v", err)
	}
}

func TestWithoutValgrind(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := newValgrind(t.TempDir()); !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "package valgrind") {
		t.Errorf("%v", err)
	}
}
