package replicate

// ackFrequency is how often a client acknowledges: how many snapshots it may
// leave unacknowledged. It begins with what the welcome says. While the link has room to spare the client is
// told, in the checks, to leave twice as many, which saves it and the server
// messages; when the window narrows it is told to come back at once. What it was
// told last counts for the window as soon as it allows more, and once it is
// confirmed if it allows less.
type ackFrequency struct {
	told  uint8  // last, on this connection
	bound uint8  // the most that the client may still go by
	in    uint32 // record that told, while bound is not told
}

// spareToRelax is how many snapshots more than needed a window has to have room
// for before acks come at half the rate.
const spareToRelax = 4

// ackEvery is what the client had best be told now.
func (f *Feed) ackEvery() uint8 {
	strict := f.r.config.AckEvery
	relaxed := 2 * strict
	if f.r.config.Datagram || relaxed > MaxWindow/2 { // what is told may be lost, or is as much as fits
		return uint8(strict)
	}
	need := float64(f.window.rtt)/float64(f.window.interval) + float64(2*relaxed) // a round trip, and two intervals of acks
	if f.remembers(f.last) && need*float64(f.record(f.last).bytes) > MaxWindowBytes {
		return uint8(strict)
	}
	spare := f.window.size - need
	if spare >= spareToRelax || spare >= 0 && int(f.acks.told) == relaxed {
		return uint8(relaxed)
	}
	return uint8(strict)
}

// announce notes that record n, just sent, said ackEvery.
func (f *Feed) announce(every uint8, n uint32) {
	f.acks.told = every
	if every >= f.acks.bound {
		f.acks.bound = every
		f.window.atLeast(int(every) + 1)
	} else {
		f.acks.in = n
	}
}

// confirm notes that the client has read record n.
func (f *Feed) confirm(n uint32) {
	if f.acks.told < f.acks.bound && n >= f.acks.in {
		f.acks.bound = f.acks.told
		f.window.atLeast(int(f.acks.told) + 1)
	}
}
