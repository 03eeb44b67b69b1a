// Package simulate tries matchmaking rules against a queue in virtual time:
// players who arrive by chance ([Poisson]) or as they were recorded (CSV, JSON
// lines), the matcher, and beside it a plain oldest-first matcher by the same
// rules. It measures waits, skill spread, latency and the share matched, and
// writes them as a table, as JSON and as curves.
//
// It also measures how the time of one pass grows with the tickets waiting.
package simulate
