// Package simulate tries matchmaking rules in virtual time, before players do.
//
// # The model
//
// [Run] is the command: it reads rules, lets tickets arrive, runs the matcher
// over them pass by pass, and beside it a plain oldest-first matcher by the same
// rules as the baseline. It reports waits, skill spread, team balance, latency and
// the share of tickets matched, as a table, as JSON and as SVG curves.
//
// [Arrivals] are the tickets. They come from a recorded file, CSV or JSON lines
// ([ReadCSV], [ReadJSONLines]), or are generated: [Poisson] describes players who
// arrive independently of each other, their skills, parties, regions and roles.
// [Open] opens either by its description on the command line. Where the rules
// allow backfill, matches run for 12 minutes and parties leave after 15 minutes on
// average, so that seats become free.
//
// [Simulation] is one run of one matcher over arrivals, for programs: its Run
// returns [Measured].
//
// [RunGrowth] measures how the time of one pass grows with the number of waiting
// tickets, in real time.
//
// Results of the rules that ship are in the folder measured, with README.md.
//
// # The caller's duties
//
// Nothing here is safe for concurrent use. Runs end early when their context is
// done. The same rules, arrivals and seed give the same matches; only what is
// measured in real time (passes, tickets per second) differs.
package simulate
