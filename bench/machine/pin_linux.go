package machine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

func mask(c CPUs) *unix.CPUSet {
	var set unix.CPUSet
	for _, n := range c {
		set.Set(n)
	}
	return &set
}

// PinProcess keeps every thread of this process on those processors; none is
// all. Threads that are made later inherit it.
func PinProcess(c CPUs) error {
	if len(c) == 0 {
		return nil
	}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return fmt.Errorf("bench: pin: %w", err)
	}
	for _, t := range tasks {
		id, _ := strconv.Atoi(t.Name())
		if err := unix.SchedSetaffinity(id, mask(c)); err != nil && err != unix.ESRCH {
			return fmt.Errorf("bench: pin to processors %v: %w: name processors that this machine has", c, err)
		}
	}
	return nil
}

// PinThread keeps the calling goroutine's thread, to which it must be locked,
// on those processors; none is all.
func PinThread(c CPUs) error {
	if len(c) == 0 {
		return nil
	}
	if err := unix.SchedSetaffinity(0, mask(c)); err != nil {
		return fmt.Errorf("bench: pin to processors %v: %w: name processors that this machine has", c, err)
	}
	return nil
}

// Pinned calls start on a thread that runs on those processors only, so that a
// process started there inherits them.
func Pinned(c CPUs, start func() error) error {
	if len(c) == 0 {
		return start()
	}
	failed := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its pinning
		if err := PinThread(c); err != nil {
			failed <- err
			return
		}
		failed <- start()
	}()
	return <-failed
}

// Yield lets everybody else on the same processors go first.
func Yield() {
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, lowest) // of this thread, and of those that it makes
	tasks, _ := os.ReadDir("/proc/self/task")
	for _, t := range tasks {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.Setpriority(unix.PRIO_PROCESS, id, lowest)
		}
	}
}

const lowest = 19 // niceness
