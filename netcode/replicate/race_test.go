//go:build race

package replicate_test

// raceEnabled: the race detector slows the property tests tenfold, so they try
// fewer seeds under it; `make test` runs them all without it.
const raceEnabled = true
