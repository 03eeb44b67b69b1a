// Package matchmaking makes matches out of waiting tickets, by rules that are
// data.
//
// # The model
//
// A [Ticket] is one player or a party. It carries attributes that the [Rules]
// declare: numbers, strings, sets of strings, latencies by region. [Rules] say
// what teams a match has and which constraints hold, and how each loosens with
// time. Package rules reads them from YAML or JSON, and ships three.
//
// [Matcher] is the core: it is told the time, the waiting tickets and the open
// matches, and answers with [Roster] values. It has no clock, does no I/O and
// starts no goroutine; the same calls give the same rosters. [Queue] is a
// matcher with the tickets' life around it: who waits, who was asked and what
// they answered, told in events. Package simulate tries rules against crowds,
// recorded or made up, in virtual time.
//
// # What holds for a match
//
// The rules in force for a match are those at the age of its oldest ticket.
// Parties stay together, in one team. The region is one that every player
// reaches within the bound of the latency rule.
//
// Those who join an open match are judged by the oldest of them; the match may
// be beyond the rules already, for players leave and rules loosen, and that is
// not held against tickets which carry it no further. Tickets pinned to a
// match need room and roles there, nothing else.
//
// # Who is served first
//
// The line is ordered by creation, with head starts taken off; ids settle
// ties. In each pass, pinned tickets are seated first, then open matches are
// filled, then every ticket in the order of the line tries to make a new match
// around itself: of the nearest that fit, in every region it reaches, the best
// by the rules' priorities. Last, an exact search goes through tickets left
// over, first those that no wait helps any more.
//
// Nobody starves: rules may only loosen, and a ticket past its last expansion
// is searched for exactly. [Rules.LongestWait] is the bound that follows: the
// last expansion and one pass, if a legal match remains for the ticket once
// those ahead of it have theirs. The exact search is bounded by a number of
// steps for each pass and ticket, and tries the 40 nearest, at most 20 alike in
// size and roles (or as many as a match has players); within that it misses
// nothing, which tests prove against brute force. [Matcher.PassStats]
// counts the searches that were cut off, which with the rules that ship
// happens among hopeless tickets only.
//
// # The caller's duties
//
// Give [Matcher.Pass] each waiting entry once, and take those in its rosters
// out before the next. Time must not go back. One goroutine at a time. Drain
// [Queue.Events] after every call; a [Store] hears of tickets that come and
// go.
//
// # How well it does
//
// Tickets arrive independently, 35 % of them parties, skills are normal around
// 1500 with deviation 350, 57 % of the players live near the first region.
// Beside it, in the same simulation, a plain matcher by the same rules that
// gives every ticket the oldest that fit. Two hours of virtual time each:
//
//	arbiter matchmaking simulate --rules fives --arrivals poisson:30 --hours 2
//
//	                                    this matcher          plain oldest first
//	1v1 ladder    wait p50/p95/p99 s    2.7 / 20.6 / 31.0     2.9 / 20.6 / 31.1
//	poisson:3     skill spread, mean    46.9                  50.5
//	              farthest player ms    49.5 mean, 112 p95    49.2 mean, 112 p95
//	              matched               99.95 %               99.94 %
//	5v5, roles    wait p50/p95/p99 s    2.4 / 16.3 / 44.6     3.8 / 21.1 / 45.2
//	poisson:30    skill spread, mean    131                   149
//	              farthest player ms    67 mean, 128 p95      64 mean, 98 p95
//	              matched               99.93 %               99.91 %
//	5v5, roles    wait p50/p95/p99 s    7.0 / 36.6 / 47.1     12.4 / 43.8 / 60.4
//	poisson:5     skill spread, mean    224                   236
//	              farthest player ms    80 mean, 161 p95      77 mean, 170 p95
//	              matched               99.80 %               99.80 %
//	64 players    wait p50/p95/p99 s    2.9 / 20.7 / 30.0     3.1 / 20.7 / 29.4
//	poisson:8     skill spread, mean    1103                  1121
//	              farthest player ms    133 mean, 150 p95     135 mean, 150 p95
//	              matched               99.93 %               99.95 %
//
// Who is not matched still waits when the time is over; nobody expired. The
// curves are in simulate/measured.
//
// # How fast it is
//
// On one core of a busy AMD EPYC, one pass over tickets of which none is
// matched yet, by the 5v5 rules, in time of the processor:
//
//	    1,000 tickets     5 ms
//	   10,000 tickets    68 ms
//	  100,000 tickets   0.6 s     690 bytes a ticket, the pass's memory included
//	1,000,000 tickets   7.8 s
//
// From a thousand to a million that is 1,500 times as long; n log n is 2,000
// (simulate/measured/growth.svg). A pass over 100,000 that can't be matched
// takes 0.5 s when they are single players, and 1.0 to 1.3 s when they are
// parties of two roles. In the simulator 5,000 tickets arrive each second, and
// more than 40,000 a second of real time are dealt with.
//
//	go test -run '^$' -bench Pass -cpu 1 ./matchmaking
//	arbiter matchmaking simulate --rules fives --arrivals poisson:5000 --hours 0.1 --alone
package matchmaking
