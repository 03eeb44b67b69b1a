// Package hostile is clients that mean harm: what "arbiter bench attack" and
// "arbiter bench soak" let loose on a server, in a process of its own, while
// others play there.
//
// A [Kind] is one attack. A crew of workers makes it again and again, from
// several loopback addresses, so that a server's limits for one address do not
// end it at once. Orders come as JSON on standard input, because they hold
// tokens; a [Tally] goes as JSON to standard output when the process is told to
// stop.
package hostile
