// Package matchmaking makes matches out of waiting tickets, by rules that are
// data.
//
// # The model
//
// A [Ticket] is one player or a party that wants a match. It carries attributes
// that the [Rules] declare: numbers, strings, sets of strings, latencies by
// region. The rules say which teams a match has, which constraints hold between
// its players, and how each constraint relaxes (expands) with time. Package rules
// reads them from YAML or JSON, and ships three examples.
//
// [Matcher] is the core: given the time, the waiting tickets and the open
// matches, [Matcher.Pass] returns [Roster] values. It has no clock, does no I/O
// and starts no goroutine; the same calls give the same rosters.
//
// [Queue] adds the lifecycle of tickets to a matcher. A ticket that was added
// has one of these states, and every change is an [Event]:
//
//	Queued ──roster──▶ Proposed ──all accept──▶ Matched
//	   ▲                   │
//	   └─ another ticket declines, times out or is cancelled: the age is kept
//
// Proposed is the accept check (ready check) and is left out where the rules do
// not require it. Cancelled ends a ticket from either state, Expired one that
// waited too long.
//
// Package service is the HTTP API with a clock; package simulate tries rules on
// recorded or generated players in virtual time.
//
// # What holds for a match
//
// The effective rules of a match are those at the age of its oldest ticket: each
// bound after its expansions. Parties stay together, in one team. Every player
// reaches the match's region within the bound of the latency rule.
//
// Tickets that join an open match (backfill) are judged by the age of the oldest
// of them. The match may already be beyond the rules, because players leave and
// because rules had relaxed when it was made; a ticket that makes it no worse may
// join all the same. Tickets pinned to a match need only room and roles there.
//
// # Priority and fairness
//
// Tickets are served in the order of their creation time less their head start,
// a priority credit; ties are broken by ID. Each pass has four steps:
//
//  1. Pinned tickets are seated in their matches.
//  2. Open matches are backfilled, if the rules allow it.
//  3. Greedy search: every ticket, in the order of priority, takes the nearest
//     compatible tickets, in every region it reaches. Teams are then balanced,
//     and the best of these matches by the rules' weights is made.
//  4. Exact search, for tickets left over: first those past their last
//     expansion, then the others.
//
// No ticket starves: rules may only relax, and for a ticket past its last
// expansion the search is exact. Hence the bound [Rules.LongestWait]: the last
// expansion and one pass, if a legal match remains for the ticket after those of
// higher priority got theirs. The exact search has a budget of steps for each
// pass and ticket, and considers the 40 nearest candidates, of one size and role
// set at most 20 (or as many as a match has players); within that it misses
// nothing, which tests prove against brute force. [Matcher.PassStats] counts
// the searches that ran out of budget.
//
// How good the matches are and how long passes take is measured: see
// simulate/measured/README.md.
//
// # The caller's duties
//
// Call from one goroutine at a time. Time is a duration since any fixed instant,
// the same for all calls, and must not go back.
//
// Of a [Matcher]: give [Matcher.Pass] each waiting entry once, and remove those
// in its rosters before the next pass.
//
// Of a [Queue]: call [Queue.Advance] every [Rules.Interval], and read
// [Queue.Events] after every call. On a restart, add the tickets that the
// [Store] kept.
package matchmaking
