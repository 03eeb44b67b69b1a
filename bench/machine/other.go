//go:build !linux

package machine

import "time"

// Cost is what a process has used since it began.
type Cost struct {
	CPU, User time.Duration
	RSS       uint64
	Threads   int
}

// PinProcess needs Linux.
func PinProcess(c CPUs) error { return pin(c) }

// PinThread needs Linux.
func PinThread(c CPUs) error { return pin(c) }

// Pinned needs Linux, unless the set is empty.
func Pinned(c CPUs, start func() error) error {
	if err := pin(c); err != nil {
		return err
	}
	return start()
}

func pin(c CPUs) error {
	if len(c) == 0 {
		return nil
	}
	return ErrUnsupported
}

// CostOf needs Linux.
func CostOf(int) (Cost, error) { return Cost{}, ErrUnsupported }

// BusyTime needs Linux.
func BusyTime(CPUs) time.Duration { return 0 }

// ThreadTime needs Linux.
func ThreadTime() time.Duration { return 0 }

// Slab needs Linux.
func Slab() uint64 { return 0 }

// SocketPages needs Linux.
func SocketPages() uint64 { return 0 }

// Descriptors needs Linux.
func Descriptors() int { return 1024 }

// Yield needs Linux.
func Yield() {}
