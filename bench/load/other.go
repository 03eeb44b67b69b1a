//go:build !linux

package load

import (
	"context"
	"time"

	"arbiter/bench/machine"
)

// Fleet needs Linux.
type Fleet struct{}

// NewFleet fails: see the package's doc.
func NewFleet(Config) (*Fleet, error) { return nil, machine.ErrUnsupported }

// Close does nothing.
func (*Fleet) Close() {}

// Clients is 0.
func (*Fleet) Clients() int { return 0 }

// Resize fails.
func (*Fleet) Resize(context.Context, int) error { return machine.ErrUnsupported }

// Aim does nothing.
func (*Fleet) Aim(int) {}

// Begin does nothing.
func (*Fleet) Begin() {}

// End returns empty books.
func (*Fleet) End() *Books { return &Books{} }

// Measure fails.
func (*Fleet) Measure(context.Context, time.Duration) (*Books, error) {
	return nil, machine.ErrUnsupported
}

// Wait waits, unless ctx ends before.
func Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }
