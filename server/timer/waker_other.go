//go:build !linux

package timer

import "time"

type waker struct{}

func newWaker() *waker { return nil }

func (*waker) wakeAfter(time.Duration) {}
func (*waker) stop()                   {}
