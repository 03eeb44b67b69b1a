package transport

import "container/list"

// crowd is the TLS handshakes of one address, as caps tells addresses apart:
// whoever comes through one proxy that tells no addresses is one. It is guarded
// by gate.mu, and lives as long as there are any.
type crowd struct {
	place *place
	held  int           // under way, those that yielded not counted
	queue []*inbox      // bounded by the connections of the address
	waits list.List     // of *inbox: those under way that wait for their clients, oldest first
	at    *list.Element // in ranks; nil if nothing waits
}

// crowdOf finds or makes the crowd of an address.
func crowdOf(p *place) *crowd {
	if p.crowd == nil {
		p.crowd = &crowd{place: p}
	}
	return p.crowd
}

// tidy forgets the crowd if nothing of it is left.
func (c *crowd) tidy() {
	if c.held == 0 && len(c.queue) == 0 && c.place.crowd == c {
		c.place.crowd = nil
	}
}

// ranks orders crowds by how many of their handshakes wait. Everything takes
// the same time however many there are.
type ranks struct {
	by  []*list.List // of *crowd, at the index of how many wait; those in which none does are not listed
	top int          // the highest index with a crowd, or 0
}

// put notes that a handshake waits.
func (r *ranks) put(b *inbox) {
	b.wait = b.from.waits.PushBack(b)
	r.move(b.from, b.from.waits.Len()-1)
}

// take notes that it does no longer. If it did not, nothing changes.
func (r *ranks) take(b *inbox) {
	if b.wait == nil {
		return
	}
	b.from.waits.Remove(b.wait)
	b.wait = nil
	r.move(b.from, b.from.waits.Len()+1)
}

// move lists a crowd anew, in which one more or one less waits than before.
func (r *ranks) move(c *crowd, before int) {
	if c.at != nil {
		r.by[before].Remove(c.at)
		c.at = nil
	}
	n := c.waits.Len()
	for n >= len(r.by) {
		r.by = append(r.by, list.New())
	}
	if n > 0 {
		c.at = r.by[n].PushBack(c)
	}
	r.top = max(r.top, n)
	for r.top > 0 && r.by[r.top].Len() == 0 {
		r.top--
	}
}

// first is the handshake that has waited longest, of a crowd in which most do.
// There is one: top is above 0.
func (r *ranks) first() *inbox {
	return r.by[r.top].Front().Value.(*crowd).waits.Front().Value.(*inbox)
}
