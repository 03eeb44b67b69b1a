package server

import (
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// alarm wakes the runtime when a match's timer is due. While a processor has
// nothing to do, the runtime waits in epoll_wait, which counts in milliseconds,
// and so its timers are up to one late; the kernel's own are not. An alarm is a
// timerfd among what the runtime waits for. Nobody reads it: that it wakes the
// runtime, which then looks at its timers, is all it is for.
//
// A nil alarm does nothing. The match's loop owns it.
type alarm struct {
	file *os.File
	rc   syscall.RawConn
	spec unix.ItimerSpec
	set  func(fd uintptr)
}

// alarmDelay has the runtime's timer be due, by its own reading of the clock.
const alarmDelay = 5 * time.Microsecond

// newAlarm returns nil if the kernel has none to give: timers are late, then.
func newAlarm() *alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil
	}
	a := &alarm{file: os.NewFile(uintptr(fd), "timer")}
	a.set = func(fd uintptr) { // never blocks, so the scheduler need not be told
		unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&a.spec)), 0, 0, 0)
	}
	if a.rc, err = a.file.SyscallConn(); err != nil {
		a.stop()
		return nil
	}
	return a
}

// ring has the runtime woken after d. A timer that is due needs no alarm: the
// runtime is awake.
func (a *alarm) ring(d time.Duration) {
	if a == nil || d <= 0 {
		return
	}
	a.spec.Value = unix.NsecToTimespec(int64(d + alarmDelay))
	_ = a.rc.Control(a.set) // fails after stop only
}

func (a *alarm) stop() {
	if a != nil {
		_ = a.file.Close()
	}
}
