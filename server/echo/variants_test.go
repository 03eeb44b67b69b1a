package echo

import (
	"testing"

	"arbiter/server/transport"
)

// variants are all ways to be served on this system.
func variants(*testing.T) []variant {
	return []variant{
		{"epoll", transport.Config{Kind: transport.Auto}, plain},
		{"net", transport.Config{Kind: transport.Net}, plain},
	}
}
