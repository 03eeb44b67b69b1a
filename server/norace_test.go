//go:build !race

package server_test

// raceEnabled is whether the race detector runs, which makes large states slow.
const raceEnabled = false
