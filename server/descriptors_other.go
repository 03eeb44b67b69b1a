//go:build !unix

package server

// descriptorLimit is how many descriptors the process may have open; 0: unknown.
func descriptorLimit() uint64 { return 0 }
