package bots

import (
	"fmt"
	"io"
	"time"

	"arbiter/netcode/client"
)

// progress writes a line about the bots when it is asked to.
type progress struct {
	to      io.Writer // nil: nobody reads
	rewrite bool
	began   time.Time
	last    uint64 // snapshots
	wrote   bool
}

// say writes the line, which fits a terminal of 80 columns, and returns how many
// bots are not over. Errors are hash mismatches and inputs lost or repeated.
func (p *progress) say(bots []*bot) (alive int) {
	playing := 0
	var snapshots, resumes, errors uint64
	var trip time.Duration
	for _, b := range bots {
		s := b.client.Stats()
		snapshots += s.Snapshots
		resumes += s.Resumes
		errors += s.HashMismatches + s.InputsLost + s.InputsRepeated
		trip = max(trip, s.RoundTripP50)
		switch b.client.Status().Phase {
		case client.Playing:
			playing++
			alive++
		case client.Closed:
		default:
			alive++
		}
	}
	if p.to == nil {
		return alive
	}
	before, after := "", "\n"
	if p.rewrite {
		before, after = "\r\x1b[K", ""
	}
	fmt.Fprintf(p.to, "%s%3.0f s  %d playing  %d snapshots/s  slowest rtt %.1f ms  %d resumes  %d errors%s",
		before, time.Since(p.began).Seconds(), playing, snapshots-p.last, float64(trip.Microseconds())/1000, resumes, errors, after)
	p.last, p.wrote = snapshots, true
	return alive
}

// end finishes the line that is rewritten.
func (p *progress) end() {
	if p.rewrite && p.wrote {
		fmt.Fprintln(p.to)
	}
}
