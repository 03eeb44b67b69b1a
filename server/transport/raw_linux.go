package transport

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The system calls of the hot path are not told to Go's scheduler, which is
// right for calls that never block. Telling it costs little by itself, but the
// first call after an idle moment wakes the thread that watches for calls that
// do block, which then looks every 20 µs: for a server that sleeps between its
// ticks that costs more than all else it does.

// read is read(2) of a descriptor that does not block.
func read(fd int, b []byte) (int, syscall.Errno) {
	n, errno := transfer(unix.SYS_READ, fd, b)
	kernelWrote(b[:n])
	return n, errno
}

// write is write(2) likewise.
func write(fd int, b []byte) (int, syscall.Errno) {
	kernelRead(b)
	return transfer(unix.SYS_WRITE, fd, b)
}

func transfer(call uintptr, fd int, b []byte) (int, syscall.Errno) {
	n, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

// pollNow is epoll_pwait(2) that returns at once, with 0 if there is nothing.
func pollNow(epoll int, events []unix.EpollEvent) int {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll),
		uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), 0, 0, 0) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	if errno != 0 {
		return 0
	}
	return int(n)
}

// rearm is epoll_ctl(2) with EPOLL_CTL_MOD.
func rearm(epoll, fd int, ev *unix.EpollEvent) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(epoll), unix.EPOLL_CTL_MOD, uintptr(fd), uintptr(unsafe.Pointer(ev)), 0, 0) // #nosec G103 -- memory of Go that outlives the call, which the kernel reads or writes within its length
	if errno != 0 {
		return errno
	}
	return nil
}
