//go:build !race

package transport

const tlsAllocs = 2

// maxTLSConn is the memory that one TLS connection may take, in bytes.
const maxTLSConn = 9 << 10
