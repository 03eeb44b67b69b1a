// Package bench measures what a match costs: how many playing clients a server
// holds on a processor, at what quality, for how many bytes, and how far that
// is from the least the kernel allows.
//
// # How it is measured
//
// The server runs in a process of its own, pinned to processors of its own
// (--server-cpus), and is met through its socket only. The load generator
// (package load) has the others (--load-cpus). When the load generator is the
// bottleneck, the result says so instead of giving a number. The floor (package floor) carries
// the same messages at the same rates with bare system calls, in the same run,
// in turns with the server, because on shared and virtual machines ratios hold
// where absolute figures do not.
//
// The game is package workload's: everybody moves in every tick and, unless
// told otherwise, changes their input in every tick, which is the worst case for
// a server that sends changes only.
//
// Each benchmark is a package below this one with Options and Run. This
// package has what they share: the [Stand] on which a server is loaded, and
// the [Figures] of one measurement.
package bench
