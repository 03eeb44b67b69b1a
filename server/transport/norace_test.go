//go:build !race

package transport

const tlsAllocs = 2
