// Package floor is the least a server can do: it reads what clients send and
// sends each of them a prebuilt message once a tick, with bare epoll, read and
// write, and nothing else. What it costs is what the kernel, Go's system calls
// and the WebSocket framing of the load generator cost; a server's figures are
// given as multiples of it.
//
// Each processor has a loop of its own. Clients are served in groups at
// staggered moments, as a server's matches are. The message's first four bytes are its
// number, so that the load generator can count what is lost.
package floor
