package transport

import "container/list"

// addressHandshakes are the TLS handshakes of one address. All clients behind a
// proxy that does not tell their addresses count as one. It is guarded by
// handshakeGate.mu, and exists while there are any.
type addressHandshakes struct {
	entry   *addressEntry
	running int               // under way, those that yielded not counted
	queue   []*handshakeInput // bounded by the connections of the address
	waiting list.List         // of *handshakeInput: those under way that wait for their clients, oldest first
	at      *list.Element     // in waitRanks; nil if nothing waits
}

// handshakesOf returns the handshakes of an address.
func handshakesOf(p *addressEntry) *addressHandshakes {
	if p.handshakes == nil {
		p.handshakes = &addressHandshakes{entry: p}
	}
	return p.handshakes
}

// forgetIfEmpty removes c from its address if no handshake is left.
func (c *addressHandshakes) forgetIfEmpty() {
	if c.running == 0 && len(c.queue) == 0 && c.entry.handshakes == c {
		c.entry.handshakes = nil
	}
}

// waitRanks orders addresses by how many of their handshakes wait. Each operation
// takes constant time.
type waitRanks struct {
	by  []*list.List // of *addressHandshakes, at the index of how many wait; addresses without any are not listed
	top int          // the highest index that lists an address, or 0
}

// add notes that a handshake waits.
func (r *waitRanks) add(b *handshakeInput) {
	b.wait = b.handshakes.waiting.PushBack(b)
	r.relist(b.handshakes, b.handshakes.waiting.Len()-1)
}

// remove notes that a handshake no longer waits. If it did not, nothing changes.
func (r *waitRanks) remove(b *handshakeInput) {
	if b.wait == nil {
		return
	}
	b.handshakes.waiting.Remove(b.wait)
	b.wait = nil
	r.relist(b.handshakes, b.handshakes.waiting.Len()+1)
}

// relist moves an address to the list of how many wait now; before is how many
// did.
func (r *waitRanks) relist(c *addressHandshakes, before int) {
	if c.at != nil {
		r.by[before].Remove(c.at)
		c.at = nil
	}
	n := c.waiting.Len()
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

// first is the handshake that has waited longest, of an address with the most
// that wait. top must be above 0.
func (r *waitRanks) first() *handshakeInput {
	return r.by[r.top].Front().Value.(*addressHandshakes).waiting.Front().Value.(*handshakeInput)
}
