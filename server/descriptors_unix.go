//go:build unix

package server

import "syscall"

// descriptorLimit is how many descriptors the process may have open; 0: unknown.
func descriptorLimit() uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	return uint64(l.Cur)
}
