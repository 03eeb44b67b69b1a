// Package rules reads matchmaking rules from YAML or JSON. Every problem is
// told with its line, its path, what is wrong and what to do; fields that do
// not exist are refused, and so are rules that no match can satisfy.
//
// # The file
//
//	name: fives                # of the queue
//	game: arena                # a game that the server hosts
//	parameters: {map: canyon}  # handed to the game as they are
//	attributes:                # what tickets carry; others are refused
//	  skill: {type: number, min: 0, max: 5000, default: 1500}
//	  mode: {type: string, values: [ranked, casual]}  # values may be left out: any
//	  role: {type: set, values: [tank, healer, damage]}
//	  latency: {type: latency, values: [eu, us]}      # milliseconds by region
//	teams:                     # without a default, an attribute is required
//	  - {name: side, count: 2, players: 5}            # side 1, side 2
//	  - {name: monsters, min: 1, max: 2}              # another size
//	rules: …
//	acceptance: {required: true, timeout: 15s}        # ask players first
//	backfill: true             # let tickets into open matches
//	head_start: 30s            # the most a ticket may be put ahead in the line
//	give_up: 15m               # when a ticket expires; never, if left out
//	every: 1s                  # between passes
//	hold: 30s                  # how long a matched player's seat waits for him
//	unclaimed: give_back       # then his seat is free; or dissolve: the match ends
//
// # Rules
//
// Each has a name, which players are told when it keeps them waiting, and a
// kind. drop is the age from which it no longer holds; priority weighs it
// where one of several legal matches is chosen (1, if left out).
//
//	kind: distance   attribute (number), max; party: each, mean or highest
//	                 highest − lowest in the match
//	kind: balance    attribute (number), max
//	                 highest − lowest of the teams' means
//	kind: equal      attribute (string)          everybody has the same
//	kind: any_of     attribute (string), values  everybody has one of these
//	kind: overlap    attribute (set), min        so many values all have in common
//	kind: latency    attribute (latency), max    some region is that near to all
//	kind: parties    max                         the teams' largest parties differ
//	                                             by so many players
//	kind: roles      attribute (set), seats: {tank: 1, damage: 4}; teams: [side]
//	                 each player gets one of his roles, a team has at most so
//	                 many of each
//	kind: formula    formula, min and max or one of them
//
// # Expansions
//
// max, min and a team's min and max are numbers, or loosen with age:
//
//	max: {from: 100, steps: [{after: 10s, to: 200}, {after: 30s, to: 400}]}
//	max: {from: 100, to: 400, after: 10s, over: 60s}   # steadily
//
// # Formulas
//
// Arithmetic, comparisons and cond ? a : b over one match. Numbers: wait (of
// the oldest ticket, seconds), players, parties, latency (of the farthest
// player). Of a number attribute: mean("skill"), lowest, highest, spread,
// deviation, gap (of the teams' means), team_mean(0, "skill"). Besides:
// team_size(0), abs, min, max, sqrt, pow. A formula is asked of whole matches
// only, so it can't lead the search: prefer the other kinds where they do.
package rules
