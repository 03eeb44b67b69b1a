package match

import (
	"testing"

	"github.com/panjf2000/ants/v2"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	ants.Release() // the library's own default pool, whose goroutines would hide leaks of ours
	goleak.VerifyTestMain(m)
}
