package wheel

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const sysEpollPwait2 = 441 // on every architecture

// Poll waits at most d for events. It does not tell Go's scheduler: the loop
// keeps its processor in GOMAXPROCS while it sleeps, so there must be one more
// for everybody else. Telling it lets the runtime's monitor take that processor
// away and give it back at every sleep, which at ten thousand sleeps a second
// costs several times what a message does.
func Poll(epoll int, events []unix.EpollEvent, d time.Duration) (int, error) {
	ts := unix.NsecToTimespec(int64(max(d, 0)))
	n, _, e := unix.RawSyscall6(sysEpollPwait2, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
		uintptr(unsafe.Pointer(&ts)), 0, 0) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	switch e {
	case 0:
		return int(n), nil
	case unix.EINTR:
		return 0, nil
	}
	return 0, e
}

// Sleep blocks the thread, and Go's scheduler does not know.
func Sleep(d time.Duration) {
	ts := unix.NsecToTimespec(int64(max(d, 0)))
	unix.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, 0, uintptr(unsafe.Pointer(&ts)), 0, 0, 0) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
}

// Watch adds a descriptor to an epoll; slot comes back with its events.
func Watch(epoll, fd int, events uint32, slot int32) error {
	return unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events, Fd: slot})
}

// Read is read(2) on a descriptor that does not block, not told to Go's
// scheduler either.
func Read(fd int, b []byte) (int, error) { return transfer(unix.SYS_READ, fd, b) }

// Write is write(2) likewise.
func Write(fd int, b []byte) (int, error) { return transfer(unix.SYS_WRITE, fd, b) }

func transfer(call uintptr, fd int, b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, _, e := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b))) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	if e != 0 {
		return -1, e
	}
	return int(n), nil
}
