//go:build unix

package transport

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// try writes once without waiting. It is called by the net package, which
// would wait for room if it returned false.
func (c *netConn) try(fd uintptr) bool {
	for {
		n, err := unix.Write(int(fd), c.tryBytes)
		switch err {
		case nil:
			c.tryN, c.tryErr = n, nil
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			c.tryN, c.tryErr = 0, errAgain
		default:
			c.tryN, c.tryErr = 0, fmt.Errorf("transport: write: %w", os.NewSyscallError("write", err))
		}
		return true
	}
}
