// Package service is matchmaking as an HTTP/JSON API: tickets, parties, queues
// and explanations of waits, over [matchmaking.Queue].
//
// # The model
//
// [New] starts one queue worker for each set of [matchmaking.Rules]: a goroutine
// that alone touches the [matchmaking.Queue], so that a long pass of one queue
// does not delay the others. Requests are commands to the worker; their number
// is bounded, and beyond it they are answered with the problem busy. Whatever
// the worker decides is published as a ticket update: a numbered, immutable view
// of the ticket, which reads, long polls and event streams take without a command.
//
// The ticket registry knows which player is in which ticket or party: one at a
// time, over all queues. A ticket leaves its queue by exactly one of matched,
// cancelled and expired, and can still be read for [Limits.Kept]. An
// Idempotency-Key makes the creation of a ticket repeatable.
//
// When a pass makes a roster, the [Host] is asked to begin the match. If it has
// no room, the tickets wait again and keep their age; if it can never do it,
// they are cancelled with the cause host_refused. The [Host] is also asked for its
// open matches, which tickets may join (backfill). A [Store] keeps waiting
// tickets over a restart.
//
// Members of a party join by its code and say that they are ready; its leader
// starts the search, which makes one ticket of the party.
//
// # Unclaimed seats
//
// The host reserves the seats and reports with [Service.UpdateMatch] what became
// of the match. When it is dissolved because a player did not come, the others get
// an age credit: the age of their next ticket in that queue continues from where
// the last one stopped.
//
// # The caller's duties
//
// Mount the service below /v1/, report what becomes of the host's matches, and
// call [Service.Close] before the host stops: it cancels the tickets with the
// cause closed, and ends the streams.
//
// # Lock order
//
// A goroutine that holds a lock may take only locks further right:
//
//	queueWorker.gate → registry.mu → ticket.mu
//
// The other mutexes (watchedTickets.mu, Memory.mu, those of the rate limits) are
// leaves: nothing else is locked under them. A queue worker never takes its own
// gate, because a goroutine may hold the gate while it waits for the worker.
package service
