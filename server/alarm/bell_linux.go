package alarm

import (
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// bell is a timerfd among what the runtime's poller waits for. Nobody reads it:
// that it wakes the runtime, which then looks at its timers, is all it is for.
// A nil bell does nothing.
type bell struct {
	file *os.File
	rc   syscall.RawConn
	spec unix.ItimerSpec
	set  func(fd uintptr)
}

// after has the runtime's timer be due, by its own reading of the clock, when
// the bell rings.
const after = 5 * time.Microsecond

// newBell returns nil if the kernel has none to give.
func newBell() *bell {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil
	}
	b := &bell{file: os.NewFile(uintptr(fd), "timer")}
	b.set = func(fd uintptr) { // never blocks, so the scheduler need not be told
		unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&b.spec)), 0, 0, 0) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	}
	if b.rc, err = b.file.SyscallConn(); err != nil {
		b.stop()
		return nil
	}
	return b
}

// ring has the runtime woken after d. A timer that is due needs no bell: the
// runtime is awake.
func (b *bell) ring(d time.Duration) {
	if b == nil || d <= 0 {
		return
	}
	b.spec.Value = unix.NsecToTimespec(int64(d + after))
	_ = b.rc.Control(b.set) // fails after stop only
}

func (b *bell) stop() {
	if b != nil {
		_ = b.file.Close()
	}
}
