//go:build race

package transport

// tlsAllocs: under the race detector sync.Pool forgets on purpose, and
// crypto/tls keeps its buffers there.
const tlsAllocs = 8

// maxTLSConn is not what it costs without the race detector's shadow.
const maxTLSConn = 64 << 10
