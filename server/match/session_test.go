package match

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"arbiter/netcode"
)

// peerClosed is how a connection tells that the peer closed it, or that it did not.
type peerClosed struct {
	code uint16
	peer bool
}

func (e peerClosed) Error() string             { return "closed" }
func (e peerClosed) PeerClose() (uint16, bool) { return e.code, e.peer }

// Tokens that are meant never to end have an expiry that no int64 of nanoseconds
// holds.
//
// Hazards: token times.
func TestExpiryFarAhead(t *testing.T) {
	for _, expiry := range []time.Time{
		time.Unix(9223372036, 0), time.Unix(9223372037, 0), // either side of what fits
		time.Unix(9999999999, 0), time.Unix(253402300799, 0),
	} {
		b := newTestbed(t, busy(t), 0)
		conn := &fakeConn{}
		s := b.engine.Open(conn, &Admission{Game: b.game, Claims: Claims{Subject: "ann", Expiry: expiry}})
		if left := s.tokenLeft(time.Now()); left < 200*365*24*time.Hour || s.tokenExpired(time.Now()) {
			t.Errorf("a token until %d: %v left, expired %v; want centuries", expiry.Unix(), left, s.tokenExpired(time.Now()))
		}
		s.tokenExpires.Store(0)
		b.engine.sessions.addToken(s, "", expiry)
		if s.tokenExpired(time.Now()) {
			t.Errorf("renewed until %d: expired", expiry.Unix())
		}
	}
	for _, past := range []time.Time{{}, time.Unix(-1e11, 0)} {
		if s := (&Session{}); unixNano(past) != math.MinInt64 || !s.tokenExpired(time.Now()) {
			t.Errorf("a token until %v has not expired", past)
		}
	}
}

func TestClosedByPeer(t *testing.T) {
	for _, test := range []struct {
		err  error
		want netcode.Code
	}{
		{nil, 0},
		{errors.New("reset"), 0},
		{peerClosed{1000, false}, 0},
		{peerClosed{1000, true}, netcode.CodeNormal},
		{fmt.Errorf("the end: %w", peerClosed{1001, true}), netcode.CodeGoingAway},
	} {
		if got := closedByPeer(test.err); got != test.want {
			t.Errorf("%v: %v, want %v", test.err, got, test.want)
		}
	}
}
