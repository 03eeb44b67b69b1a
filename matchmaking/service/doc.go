// Package service is matchmaking as an HTTP/JSON API: tickets, parties, queues
// and their explanations, over [matchmaking.Queue].
//
// # The model
//
// Each set of rules is a queue with a goroutine of its own, which alone
// touches the [matchmaking.Queue]; a long pass of one holds up nobody else's.
// What it decides is published as moments of tickets: numbered, immutable
// views that reads, long polls and streams take without asking the queue.
//
// A player is in one ticket or party at a time, over all queues. A ticket
// leaves by exactly one of matched, cancelled and expired; it can be asked for
// a while longer. When a roster is found the [Host] is asked for the match. If
// it has no room the tickets go back with their age kept; if it can't ever do
// it, they are cancelled with the cause host_refused.
//
// # Unclaimed seats
//
// The host reserves the seats and tells with [Service.Note] what became of
// them. When a match is dissolved because somebody did not come, those who did
// have an age credit: their next ticket in that queue counts its age from
// where the last one stopped.
//
// # The caller's duties
//
// Mount the service below /v1/, tell it what the host's matches go through, and
// Close it before the host stops: tickets are cancelled with the cause closed
// then, and streams end.
package service
