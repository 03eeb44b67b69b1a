// Package servertest runs servers in the test's own process and speaks to them
// over real sockets: [Start] a server, [Server.Dial] a [Client], and play
// [Drill], a game made for observing. Every wait is bounded by a deadline, and
// failing one fails the test.
package servertest
