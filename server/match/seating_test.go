package match

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode"
)

// endedByPeer is the end of a connection that the client closed with a code.
type endedByPeer uint16

func (p endedByPeer) Error() string             { return fmt.Sprint("closed by the client with ", uint16(p)) }
func (p endedByPeer) PeerClose() (uint16, bool) { return uint16(p), true }

// visitors are the connections of a testbed's match that come through its lobby.
type visitors struct {
	*testbed
	rnd  *rand.Rand
	open []*visitor
	ids  []netcode.ResumeID // that were given out
}

type visitor struct {
	*Session
	conn *fakeConn
}

// come opens a connection and says hello.
func (v *visitors) come(a *Admission, resume netcode.ResumeID) *visitor {
	a.Game, a.Claims.Expiry = v.game, time.Now().Add(time.Hour)
	conn := &fakeConn{}
	s := &visitor{v.engine.Open(conn, a), conn}
	s.Message(netcode.Hello{Version: netcode.Version, Resume: resume}.Append(nil))
	v.open = append(v.open, s)
	return s
}

// end has the transport tell that a connection is gone.
func (v *visitors) end(i int, err error) {
	v.open[i].Closed(err)
	v.open = slices.Delete(v.open, i, i+1)
}

// check fails unless the roster has exactly what the loop has, which has read all.
func (v *visitors) check(step int) {
	v.t.Helper()
	watching := 0
	for _, s := range v.sessions {
		if s.seat == nil {
			watching++
		}
	}
	now := v.now()
	seated := 0
	for subject, s := range v.roster.slots {
		if s.entering != 0 || s.hasSeat != (v.seatOf(subject) != nil) || s.seated != s.hasSeat || !s.hasSeat && (s.token == "" || s.expires < now) {
			v.t.Fatalf("step %d: slot of %s: %+v, seat %v", step, subject, *s, v.seatOf(subject))
		}
		if s.seated {
			seated++
		}
	}
	if o := v.roster.occupancy(); o.spectators != watching || o.players != len(v.seats) || seated != o.players {
		v.t.Fatalf("step %d: the roster has %+v; the loop %d seats and %d who watch", step, o, len(v.seats), watching)
	}
}

// Whatever sequence of joins, resumes, refusals, cuts and kicks there is, what is
// taken in the roster is what sits in the match, watches it, or is reserved. At
// the end it is empty.
//
// Hazards: slot given back.
func TestTakenSlotsAreSeatsOrReserved(t *testing.T) {
	for seed := range uint64(30) {
		b := orderedTestbed(t, arena.Game, Order{Size: 3})
		b.engine.config.MaxMatches = 1 // the lobby may not begin another one
		b.engine.lobby.matches[b.id] = b.Match
		b.roster.advertise(b.Match, &b.game.open)
		b.roster.spectatorSlots = 2
		v := &visitors{testbed: b, rnd: rand.New(rand.NewPCG(seed, 5))}
		v.ids = append(v.ids, netcode.ResumeID{1})
		for step := range 400 {
			v.step(step)
			if v.rnd.IntN(4) == 0 {
				v.turn()
				v.check(step)
			}
			for _, s := range v.seats {
				v.ids = append(v.ids, s.resume)
			}
		}
		for len(v.open) > 0 {
			v.end(0, errors.New("lost"))
		}
		v.turn()
		v.expireSeats(v.now() + time.Hour)
		v.roster.removeExpired(time.Hour)
		if o := v.roster.occupancy(); !v.roster.closeIfEmpty() {
			t.Fatalf("seed %d: everybody has left, and the roster has %+v", seed, o)
		}
	}
}

// step does one thing that may happen.
func (v *visitors) step(step int) {
	subject := fmt.Sprint("p", v.rnd.IntN(5))
	match := []string{"", v.id, v.id, "nonesuch"}[v.rnd.IntN(4)]
	switch n := v.rnd.IntN(100); {
	case n < 30:
		v.come(&Admission{Match: match, Claims: Claims{Subject: subject}}, netcode.ResumeID{})
	case n < 50: // the ids are anybody's, and most of them void
		v.come(&Admission{Match: match, Claims: Claims{Subject: subject}}, v.ids[len(v.ids)-1-v.rnd.IntN(min(len(v.ids), 12))])
	case n < 60:
		v.come(&Admission{Match: match, Spectate: true, Claims: Claims{Subject: subject}}, netcode.ResumeID{})
	case n < 65:
		id := fmt.Sprint("t", step)
		if v.roster.reserve(granted(Reservation{Subject: subject}), []string{id}, v.now()+time.Minute) == nil && v.rnd.IntN(2) == 0 {
			v.come(&Admission{Match: v.id, Claims: Claims{Subject: subject, Match: v.id, ID: id, JoinBy: time.Now()}}, netcode.ResumeID{})
		}
	case n < 68:
		v.roster.release(subject)
	case n < 72:
		v.expireSeats(v.now() + time.Hour)
	case n < 76: // a kick
		for _, s := range v.engine.sessions.bySubject(subject) {
			s.evicted.Store(true)
			s.close(netcode.CodeKicked, "")
		}
		v.evictSeat(subject, netcode.CodeKicked)
	case n < 90 && len(v.open) > 0:
		v.end(v.rnd.IntN(len(v.open)), errors.New("lost"))
	case len(v.open) > 0:
		v.end(v.rnd.IntN(len(v.open)), endedByPeer(netcode.CodeNormal))
	}
}
