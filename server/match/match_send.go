package match

import (
	"time"

	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// send gives every client what it needs of the newest frame: planned here, for all
// of them together, and written by the worker pool while the match waits.
func (m *Match) send() {
	if !m.fresh {
		return
	}
	m.plan(m.now())
	m.output.write()
	m.recordSent(m.now())
}

// plan decides for every session whether it is sent a snapshot. This is where
// backpressure is: what a slow client cannot take is not encoded.
func (m *Match) plan(now time.Duration) {
	m.output.reset()
	m.unsent = 0
	for _, s := range m.sessions {
		if s.feed.NewestSent() == m.sim.Tick() || s.closing.Load() {
			continue
		}
		var status replicate.SeatStatus
		if s.seat != nil {
			status = s.seat.status()
		}
		d := m.replicator.Plan(s.feed.Feed, status, now)
		if d == replicate.Send && s.conn.Pending() > 0 {
			// The kernel's buffer is full. What is encoded now would wait
			// behind older state, and be old itself when it arrives.
			m.tally.pending++
			m.unsent++
			continue
		}
		m.tally.decisions[d]++
		switch d {
		case replicate.Send:
			m.output.add(s)
		case replicate.SkipWindow, replicate.SkipRate:
			m.unsent++
		case replicate.CloseSlow:
			m.slow = append(m.slow, s)
		}
	}
	for _, s := range m.slow {
		m.detach(s, now)
		s.close(netcode.CodeSlow, "")
	}
	clear(m.slow)
	m.slow = m.slow[:0]
}

// recordSent records what was written.
func (m *Match) recordSent(now time.Duration) {
	for _, t := range m.output.tasks[:m.output.used] {
		for i := range t.items[:t.done] {
			it := &t.items[i]
			if it.failed {
				m.tally.failed++ // the connection ended, or ends for it; its last envelope follows
				continue
			}
			it.session.feed.Sent(int(it.bytes), now)
			if it.session.seat != nil {
				it.session.seat.resetSlack()
			}
			m.tally.countSnapshot(int(it.bytes))
		}
		if t.done < len(t.items) { // its task panicked there
			s := t.items[t.done].session
			m.detach(s, now)
			s.close(netcode.CodeServerError, "")
		}
	}
	stats := m.replicator.Stats()
	m.tally.groups, m.tally.groupBytes, m.tally.shared = stats.Groups, stats.GroupBytes, stats.Shared
}
