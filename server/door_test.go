package server

import (
	"testing"
	"time"

	"arbiter/netcode"
	"arbiter/server/auth"
)

// plain are the claims of an ordinary token, joining those of a join token.
func plain(subject string) *auth.Claims { return &auth.Claims{Subject: subject} }

func joining(subject, id string) *auth.Claims {
	return &auth.Claims{Subject: subject, ID: id, Match: "m", JoinBy: time.Unix(1, 0)}
}

func TestDoor(t *testing.T) {
	d := newDoor(2, 1)
	for _, test := range []struct {
		subject string
		want    netcode.Code
	}{{"ann", letIn}, {"bob", letIn}, {"cat", netcode.CodeMatchFull}, {"ann", letIn}} {
		if got := d.enter(plain(test.subject), 0); got != test.want {
			t.Errorf("%s: %v, want %v", test.subject, got, test.want)
		}
	}
	if d.shutIfEmpty() {
		t.Error("shut on those inside")
	}
	d.leave("bob")
	if !d.crowd().open {
		t.Error("no seat is free after one left")
	}
	d.bolt(netcode.CodeDrain)
	if got := d.enter(plain("cat"), 0); got != netcode.CodeDrain {
		t.Errorf("through a bolted door: %v, want drain", got)
	}
	if got := d.enter(plain("ann"), 0); got != letIn {
		t.Errorf("one who has a seat, through a bolted door: %v, want in", got)
	}
	if got := d.watch(plain("dan")); got != netcode.CodeDrain {
		t.Errorf("a spectator through a bolted door: %v, want drain", got)
	}
	d.leave("ann")
	if !d.shutIfEmpty() || d.enter(plain("ann"), 0) != netcode.CodeNoMatch {
		t.Error("not shut when empty")
	}
}
