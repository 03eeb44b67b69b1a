// Package rules reads matchmaking rules from YAML or JSON.
//
// [Parse] returns [matchmaking.Rules], or an error that lists every problem of
// the file with its line, its path, what is wrong and what to do. Unknown fields
// are refused, and so are rules that no match can satisfy. [Names], [Text] and
// [Named] give the rules that ship with the package: arena (64 players with
// backfill), fives (5v5 with roles) and ladder (1v1).
//
// # The file
//
//	name: fives                # of the queue
//	game: arena                # a game that the server hosts
//	parameters: {map: canyon}  # passed to the game unchanged
//	attributes:                # what tickets carry; without a default: required
//	  skill: {type: number, min: 0, max: 5000, default: 1500}
//	  mode: {type: string, values: [ranked, casual]}  # without values: any string
//	  role: {type: set, values: [tank, healer, damage]}
//	  latency: {type: latency, values: [eu, us]}      # milliseconds by region
//	teams:
//	  - {name: side, count: 2, players: 5}            # side 1 and side 2, of 5 players
//	  - {name: monsters, min: 1, max: 2}              # one team of 1 or 2 players
//	rules: …
//	acceptance: {required: true, timeout: 15s}        # accept check before a match
//	backfill: true             # tickets may join open matches
//	head_start: 30s            # the largest priority credit of a ticket; 0s if left out
//	give_up: 15m               # the age at which a ticket expires; never if left out
//	every: 1s                  # time between passes; 1s if left out
//	hold: 30s                  # how long a matched player's seat is reserved; 30s if left out
//	unclaimed: give_back       # after that: the seat is free, or with dissolve the match ends
//
// # Rules
//
// Each rule has a kind and a name, which players are shown when the rule keeps
// them waiting. drop is the age from which it no longer applies (never, if left
// out). priority is its weight where one of several legal matches is chosen (1,
// if left out).
//
//	kind: distance   attribute (number), max; party: each, mean or highest
//	                 highest − lowest in the match is at most max
//	kind: balance    attribute (number), max
//	                 highest − lowest of the teams' means is at most max
//	kind: equal      attribute (string)
//	                 all players have the same value
//	kind: any_of     attribute (string), values
//	                 each player has one of the values
//	kind: overlap    attribute (set), min
//	                 all players have at least min values in common
//	kind: latency    attribute (latency), max
//	                 some region is within max milliseconds of all players
//	kind: parties    max
//	                 the teams' largest parties differ by at most max players
//	kind: roles      attribute (set), seats: {tank: 1, damage: 4}; teams: [side]
//	                 each player gets one of their roles; a team has at most so
//	                 many players of each; without teams, all teams
//	kind: formula    formula; min, max or both
//	                 the formula's value is at least min and at most max
//
// # Expansions
//
// max, min and a team's min and max are numbers, or relax with the age of the
// match's oldest ticket:
//
//	max: {from: 100, steps: [{after: 10s, to: 200}, {after: 30s, to: 400}]}
//	max: {from: 100, to: 400, after: 10s, over: 60s}   # linearly, from 10s to 70s
//
// A bound may only become looser: a ticket never loses a possible match by
// waiting.
//
// # Formulas
//
// A formula computes a number of one match, by arithmetic, comparisons and
// cond ? a : b.
//
//	wait                      age of the oldest ticket, seconds
//	players, parties          how many; a party has two players or more
//	latency                   of the farthest player, milliseconds
//	mean("skill")             of a number attribute over all players;
//	                          likewise lowest, highest, spread, deviation
//	gap("skill")              highest − lowest of the teams' means
//	team_mean(0, "skill")     of one team, counted from 0
//	team_size(0)              players of one team
//	abs, min, max, sqrt, pow
//
// Formulas can only be evaluated for whole matches, so they don't narrow the
// search for candidates: prefer the other kinds where they suffice.
package rules
