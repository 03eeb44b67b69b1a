package bots

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails on leaked goroutines. Those of the pool that ants starts with
// the program are not ours.
func TestMain(m *testing.M) {
	// Parallel tests mostly wait, so there may be more than processors.
	flag.Parse()
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}
