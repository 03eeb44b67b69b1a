package match

import (
	"testing"

	"arbiter/netcode"
)

func TestInboxKeepsOrderAndCopies(t *testing.T) {
	in := newInbox(2)
	s := &Session{}
	cells := []int64{1, 2}
	for i := range 3 {
		cells[0] = int64(i)
		if got := in.post(envelope{kind: envelopeInputs, from: s}, []netcode.Entry{{Seq: uint32(i), Cells: cells}}); got != postedOK {
			t.Fatal(got)
		}
	}
	cells[0] = 99 // the reader's memory is used again
	m := in.swap()
	if len(m.envelopes) != 3 {
		t.Fatalf("%d envelopes, want 3", len(m.envelopes))
	}
	for i, l := range m.envelopes {
		e := in.entry(&l, 0)
		if l.n != 1 || e.Seq != uint32(i) || e.Cells[0] != int64(i) || e.Cells[1] != 2 {
			t.Errorf("envelope %d brings %d entries, %+v", i, l.n, e)
		}
	}
	if m := in.swap(); len(m.envelopes) != 0 {
		t.Errorf("%d envelopes come twice", len(m.envelopes))
	}
	for range inboxShare {
		in.post(envelope{kind: envelopeAck, from: s}, nil)
	}
	if got := in.post(envelope{kind: envelopeAck, from: s}, nil); got != postedFull {
		t.Errorf("beyond the share: %v, want full", got)
	}
	if got := in.post(envelope{kind: envelopeAck, from: &Session{}}, nil); got != postedOK {
		t.Errorf("another session: %v, want ok", got)
	}
	if got := in.post(envelope{kind: envelopeGone, from: s}, nil); got != postedOK {
		t.Errorf("the last envelope of a session: %v, want ok", got)
	}
	if got := len(in.close().envelopes); got != inboxShare+2 {
		t.Errorf("%d envelopes at the end, want %d", got, inboxShare+2)
	}
	if got := in.post(envelope{kind: envelopeAck, from: &Session{}}, nil); got != postedClosed {
		t.Errorf("after the end: %v, want shut", got)
	}
}
