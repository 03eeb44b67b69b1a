package match

import (
	"errors"
	"fmt"
	"testing"

	"arbiter/netcode"
)

// peerClosed is how a connection tells that the peer closed it, or that it did not.
type peerClosed struct {
	code uint16
	peer bool
}

func (e peerClosed) Error() string             { return "closed" }
func (e peerClosed) PeerClose() (uint16, bool) { return e.code, e.peer }

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
