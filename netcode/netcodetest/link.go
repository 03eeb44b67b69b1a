// Package netcodetest is a network for tests, in virtual time. A [Link] carries
// messages one way with the delay, jitter, rate, stalls and losses its [Config]
// asks for, and a [Pipe] is two of them. Nothing here reads a clock: the test
// passes now, the time since the link was made, to every call, and the same seed
// and the same calls give the same deliveries. ProofOpen and ProofArea are games
// for proving that what clients have is what they may see of the server's state.
package netcodetest

import (
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// Config describes a link. The zero Config is a perfect ordered one.
type Config struct {
	Seed   uint64        // of every random choice
	Delay  time.Duration // least time on the way
	Jitter time.Duration // each message is on the way up to this much longer, evenly spread
	Rate   int           // bytes per second; 0 = unlimited
	Buffer int           // bytes sent but not received that the link holds; 0 = 4 MiB, which a Linux socket pair takes

	// An ordered link (the default) now and then stands still, as TCP does while it repeats a lost
	// segment: what would arrive meanwhile, and all behind it, arrives when the stall ends.
	StallRate float64       // mean number of stalls per second
	Stall     time.Duration // how long each lasts

	// A datagram link never stalls; instead it loses, swaps and repeats. Jitter alone keeps order.
	Datagram  bool
	Loss      float64       // share of datagrams lost
	Reorder   float64       // share held back by Hold, so that later ones overtake
	Duplicate float64       // share that arrives a second time, up to Hold later
	Hold      time.Duration // 0 = 20 ms
}

// Stats counts the messages of a link since it was made.
type Stats struct {
	Sent       int // wholly taken by Send
	Received   int // handed out by Recv, copies included
	Lost       int // by chance or by Cut
	Duplicated int // extra copies made
	HeldBack   int // datagrams that others may overtake
	Stalls     int // stalls that delayed something
	Refused    int // Sends of which the full buffer took nothing or a part
}

// Link carries messages one way. It is not safe for concurrent use. Calls must
// be made in order of their now.
type Link struct {
	cfg     Config
	random  *rand.Rand // four draws per message, so that one setting does not disturb the others
	stalls  *rand.Rand
	queue   []packet // in order of arrival
	held    int      // bytes in queue and partial
	partial []byte   // of a message of which the buffer took only the beginning
	missing int      // bytes of it still to come
	free    time.Duration
	last    time.Duration // latest arrival so far, for order
	stallAt time.Duration // begin of the current or next stall
	stats   Stats
}

type packet struct {
	at   time.Duration
	body []byte
}

// NewLink returns an empty link.
func NewLink(cfg Config) *Link {
	if cfg.Buffer == 0 {
		cfg.Buffer = 4 << 20
	}
	if cfg.Hold == 0 {
		cfg.Hold = 20 * time.Millisecond
	}
	l := &Link{
		cfg:    cfg,
		random: rand.New(rand.NewPCG(cfg.Seed, 1)), // #nosec G404 -- a simulation, which its seed must repeat
		stalls: rand.New(rand.NewPCG(cfg.Seed, 2)), // #nosec G404 -- a simulation, which its seed must repeat
	}
	l.stallAt = l.untilStall()
	return l
}

// Send hands b, copied, to the link and returns how many of its bytes were
// taken. An ordered link that is nearly full takes the first part, as a socket
// would; the rest must be the next thing sent, and the receiver gets the message
// in one piece. A datagram is taken whole or not at all. Bytes leave the buffer
// when they are received, not when they arrive: one who doesn't read fills it.
func (l *Link) Send(now time.Duration, b []byte) int {
	if l.missing > 0 && len(b) != l.missing {
		panic("netcodetest: a message was taken in part; send its rest before another")
	}
	n := min(len(b), l.cfg.Buffer-l.held)
	if n < len(b) {
		l.stats.Refused++
		if l.cfg.Datagram {
			return 0
		}
	}
	l.partial = append(l.partial, b[:n]...)
	l.held += n
	l.missing = len(b) - n
	if l.missing == 0 {
		l.dispatch(now, l.partial)
		l.partial = nil
	}
	return n
}

// dispatch decides when, and how often, a complete message arrives.
func (l *Link) dispatch(now time.Duration, body []byte) {
	l.stats.Sent++
	l.free = max(l.free, now)
	if l.cfg.Rate > 0 {
		l.free += time.Duration(float64(len(body)) / float64(l.cfg.Rate) * float64(time.Second))
	}
	jitter := time.Duration(l.random.Float64() * float64(l.cfg.Jitter))
	lost, swapped, twice := l.random.Float64(), l.random.Float64(), l.random.Float64()
	at := max(l.last, l.free+l.cfg.Delay+jitter)
	if !l.cfg.Datagram {
		at = l.afterStall(at)
		l.last = at
		l.insert(packet{at, body})
		return
	}
	l.last = at
	if lost < l.cfg.Loss {
		l.stats.Lost++
		l.held -= len(body)
		return
	}
	if twice < l.cfg.Duplicate {
		l.stats.Duplicated++
		l.held += len(body)
		// twice/Duplicate is evenly spread over 0…1 here
		l.insert(packet{at + time.Duration(twice/l.cfg.Duplicate*float64(l.cfg.Hold)), slices.Clone(body)})
	}
	if swapped < l.cfg.Reorder {
		l.stats.HeldBack++
		at += l.cfg.Hold
	}
	l.insert(packet{at, body})
}

// insert keeps the queue sorted; equal times keep the order of sending.
func (l *Link) insert(p packet) {
	i := len(l.queue)
	for i > 0 && l.queue[i-1].at > p.at {
		i--
	}
	l.queue = slices.Insert(l.queue, i, p)
}

// afterStall moves an arrival inside a stall to its end. Arrivals never go
// back in time, so one stall is remembered at a time.
func (l *Link) afterStall(at time.Duration) time.Duration {
	if l.cfg.StallRate <= 0 {
		return at
	}
	for l.stallAt+l.cfg.Stall <= at {
		l.stallAt += l.cfg.Stall + l.untilStall()
	}
	if at <= l.stallAt {
		return at
	}
	l.stats.Stalls++
	at = l.stallAt + l.cfg.Stall
	l.stallAt = at + l.untilStall()
	return at
}

func (l *Link) untilStall() time.Duration {
	if l.cfg.StallRate <= 0 {
		return 0
	}
	return time.Duration(l.stalls.ExpFloat64() / l.cfg.StallRate * float64(time.Second))
}

// Recv yields the messages that have arrived by now, in order of arrival, and
// takes each from the link as it is yielded. They belong to the caller.
func (l *Link) Recv(now time.Duration) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(l.queue) > 0 && l.queue[0].at <= now {
			p := l.queue[0]
			l.queue[0] = packet{}
			l.queue = l.queue[1:]
			l.held -= len(p.body)
			l.stats.Received++
			if !yield(p.body) {
				return
			}
		}
	}
}

// Next returns when the next message arrives; false if none is on the way.
func (l *Link) Next() (at time.Duration, ok bool) {
	if len(l.queue) == 0 {
		return 0, false
	}
	return l.queue[0].at, true
}

// Held returns the bytes sent but not received.
func (l *Link) Held() int { return l.held }

// Stats returns the counts so far.
func (l *Link) Stats() Stats { return l.stats }

// Cut loses everything that was sent and not received, as a dropped connection
// does. The link may be used again: that is the next connection over the same
// path.
func (l *Link) Cut() {
	l.stats.Lost += len(l.queue)
	clear(l.queue)
	l.queue = l.queue[:0]
	l.partial, l.missing, l.held = nil, 0, 0
	l.free, l.last = 0, 0
}
