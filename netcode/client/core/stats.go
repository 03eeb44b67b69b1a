package core

import "time"

// Stats is what a client has seen and done since it was made.
type Stats struct {
	RoundTripP50, RoundTripP99 time.Duration // of pings
	Jitter                     time.Duration // mean deviation of the snapshots' arrival
	AgeP50, AgeP99             time.Duration // of the state when it arrived, by the server's clock
	Lead                       time.Duration // of the prediction, before the server
	Delay                      time.Duration // of what is drawn, behind what arrives

	Snapshots uint64
	Bytes     uint64 // of messages received
	BytesSent uint64 // of messages written
	Keyframes uint64
	Skipped   uint64 // snapshots that the snapshot rate promised and that did not come, idle times included
	Events    uint64
	Errors    uint64 // messages that could not be read

	Seats       uint64 // seats had, the first one included
	Resumes     uint64 // connections that resumed a seat
	Connections uint64 // welcomes

	InputsSent      uint64 // entries and commands that got a number
	InputsApplied   uint64 // those the server applied
	InputsLost      uint64 // those it should have applied by its own account but did not
	InputsRepeated  uint64 // those it applied again
	InputsAbandoned uint64 // those that wait no more because their seat was lost
	// Withheld is for how long at most an input that had changed got no number
	// though snapshots came: a few ticks, or something is wrong with the client.
	Withheld time.Duration

	HashChecks     uint64
	HashMismatches uint64

	Slack       time.Duration // input margin: by how much inputs arrive before their tick, as last reported
	Late        uint64        // reports of an input that came after its tick
	Corrections uint64        // times the server's state changed the player's own rows
	Largest     float64       // the most that a moving field changed by, in its units
	Surprises   uint64        // times it changed something else of one's own rows, such as hit points
}
