//go:build race

package transport

import (
	"runtime"
	"unsafe"
)

// kernelRead and kernelWrote tell the race detector, which does not see into
// system calls, what the kernel did with a buffer.
func kernelRead(b []byte) {
	if len(b) > 0 {
		runtime.RaceReadRange(unsafe.Pointer(&b[0]), len(b))
	}
}

func kernelWrote(b []byte) {
	if len(b) > 0 {
		runtime.RaceWriteRange(unsafe.Pointer(&b[0]), len(b))
	}
}
