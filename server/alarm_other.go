//go:build !linux

package server

import "time"

// alarm wakes the runtime in time for a match's timer where its own timers are
// too coarse. Elsewhere than on Linux nothing is done about that.
type alarm struct{}

func newAlarm() *alarm { return nil }

func (*alarm) ring(time.Duration) {}
func (*alarm) stop()              {}
