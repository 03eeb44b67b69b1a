package server_test

import (
	"flag"
	"testing"

	"github.com/panjf2000/ants/v2"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	ants.Release() // the library's own default pool, whose goroutines would hide leaks of ours
	// Parallel tests mostly wait, so there may be more than processors.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}
