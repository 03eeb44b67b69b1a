package pilots

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails on leaked goroutines. Those of the pool that ants starts with
// the program are not ours.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }
