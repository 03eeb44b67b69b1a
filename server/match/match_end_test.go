package match

import (
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode"
)

// A match closes its inbox a moment before it leaves the lobby, and before that
// it closes its roster. Whoever it meets in between is told why it ends, not that
// there is no such match, which would have clients give up.
//
// Hazards: sigterm.
func TestMessagesToAMatchThatEnds(t *testing.T) {
	b := newTestbed(t, arena.Game, 2)
	b.engine.lobby.matches[b.id] = b.Match
	b.roster.close(netcode.CodeDrain)
	b.inbox.close()

	b.clients[0].post(envelope{kind: envelopeAck}, nil)
	if _, code := b.conns[0].state(); code != netcode.CodeDrain {
		t.Errorf("an acknowledgement: closed with %v, want drain", code)
	}
	for what, resume := range map[string]netcode.ResumeID{"somebody new": {}, "one who resumes": b.seats[0].resume} {
		conn := &fakeConn{}
		s := b.engine.Open(conn, &Admission{Game: b.game, Match: b.id, Claims: Claims{Subject: "late", Expiry: time.Now().Add(time.Hour)}})
		if err := s.joinMatch(netcode.Hello{Version: netcode.Version, Resume: resume}.Append(nil)); err != nil {
			t.Fatal(err)
		}
		if _, code := conn.state(); code != netcode.CodeDrain || s.match.Load() != nil {
			t.Errorf("%s: closed with %v, want drain", what, code)
		}
	}
}
