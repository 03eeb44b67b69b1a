//go:build !linux

package floor

import (
	"context"

	"arbiter/bench/machine"
)

// Serve needs Linux.
func Serve(_ context.Context, c Config) error {
	if err := c.fill(); err != nil {
		return err
	}
	_ = c.interval()
	return machine.ErrUnsupported
}
