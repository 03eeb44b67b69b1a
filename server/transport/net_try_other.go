//go:build !unix

package transport

// try leaves the bytes to the drainer: these systems have no write that takes
// what fits and returns.
func (c *netConn) try(uintptr) bool {
	c.tryN, c.tryErr = 0, errAgain
	return true
}
