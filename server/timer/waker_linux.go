package timer

import (
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// waker is a timerfd among what the runtime's poller waits for. Nobody reads it:
// that it wakes the runtime, which then looks at its timers, is all it is for.
// A nil waker does nothing.
type waker struct {
	file *os.File
	rc   syscall.RawConn
	spec unix.ItimerSpec
	set  func(fd uintptr)
}

// wakeMargin has the runtime's timer be due, by its own reading of the clock, when
// the waker fires.
const wakeMargin = 5 * time.Microsecond

// newWaker returns nil if the kernel has none to give.
func newWaker() *waker {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil
	}
	w := &waker{file: os.NewFile(uintptr(fd), "timer")}
	w.set = func(fd uintptr) { // never blocks, so the scheduler need not be told
		unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&w.spec)), 0, 0, 0) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	}
	if w.rc, err = w.file.SyscallConn(); err != nil {
		w.stop()
		return nil
	}
	return w
}

// wakeAfter has the runtime woken after d. A timer that is due needs none: the
// runtime is awake.
func (w *waker) wakeAfter(d time.Duration) {
	if w == nil || d <= 0 {
		return
	}
	w.spec.Value = unix.NsecToTimespec(int64(d + wakeMargin))
	_ = w.rc.Control(w.set) // fails after stop only
}

func (w *waker) stop() {
	if w != nil {
		_ = w.file.Close()
	}
}
