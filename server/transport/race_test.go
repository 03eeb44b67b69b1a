//go:build race

package transport

// tlsAllocs: under the race detector sync.Pool forgets on purpose, and
// crypto/tls keeps its buffers there.
const tlsAllocs = 8
