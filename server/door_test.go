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

// reserved is a door of three seats, one of them Ann's.
func reserved(t *testing.T) *door {
	t.Helper()
	d := newDoor(3, 1)
	d.id = "m"
	if err := d.reserve([]Reservation{{Subject: "ann", Team: "red"}}, []string{"t1"}, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReservationsAreTakenSeats(t *testing.T) {
	d := reserved(t)
	for _, test := range []struct {
		subject string
		want    netcode.Code
	}{{"bob", letIn}, {"cat", letIn}, {"dan", netcode.CodeMatchFull}, {"ann", letIn}} {
		if got := d.enter(plain(test.subject), 0); got != test.want {
			t.Errorf("%s: %v, want %v", test.subject, got, test.want)
		}
	}
	if c := d.crowd(); c.players != 3 || c.reserved != 0 || c.free != 0 {
		t.Errorf("%+v", c)
	}
	if r, ok := d.reservation("ann"); !ok || r.Team != "red" {
		t.Errorf("%+v, %v", r, ok)
	}
}

func TestSpectatorsTakeNoReservation(t *testing.T) {
	d := reserved(t)
	if got := d.watch(joining("ann", "t1")); got != letIn {
		t.Fatal(got)
	}
	if c := d.crowd(); c.reserved != 1 || c.players != 0 || c.spectators != 1 {
		t.Errorf("%+v", c)
	}
	if got := d.enter(joining("ann", "t1"), time.Second); got != letIn {
		t.Errorf("the seat is gone: %v", got)
	}
}

// Hazards: join token.
func TestJoinTokensServeOnce(t *testing.T) {
	for what, test := range map[string]struct {
		before func(d *door)
		c      *auth.Claims
		at     time.Duration
		want   netcode.Code
	}{
		"in time":           {nil, joining("ann", "t1"), 10 * time.Second, letIn},
		"late":              {nil, joining("ann", "t1"), 10*time.Second + 1, netcode.CodeJoinLapsed},
		"unknown":           {nil, joining("ann", "t2"), 0, netcode.CodeJoinLapsed},
		"another's":         {nil, joining("bob", "t1"), 0, netcode.CodeJoinLapsed},
		"twice":             {func(d *door) { d.enter(joining("ann", "t1"), 0) }, joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"twice, but plain":  {func(d *door) { d.enter(joining("ann", "t1"), 0) }, plain("ann"), 0, letIn},
		"after a plain one": {func(d *door) { d.enter(plain("ann"), 0) }, joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"after leaving":     {func(d *door) { d.enter(joining("ann", "t1"), 0); d.leave("ann") }, joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"released":          {func(d *door) { d.release("ann") }, joining("ann", "t1"), 0, netcode.CodeJoinLapsed},
		"lapsed":            {func(d *door) { d.lapse(11 * time.Second) }, joining("ann", "t1"), 0, netcode.CodeJoinLapsed},
		"while draining":    {func(d *door) { d.bolt(netcode.CodeDrain) }, joining("ann", "t1"), 0, netcode.CodeDrain},
		"given anew": {func(d *door) { _ = d.reserve([]Reservation{{Subject: "ann"}}, []string{"t2"}, time.Minute) },
			joining("ann", "t2"), 11 * time.Second, letIn},
		"the one before": {func(d *door) { _ = d.reserve([]Reservation{{Subject: "ann"}}, []string{"t2"}, time.Minute) },
			joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"to come back": {func(d *door) {
			d.enter(plain("ann"), 0)
			_ = d.reserve([]Reservation{{Subject: "ann"}}, []string{"t2"}, time.Minute)
		}, joining("ann", "t2"), 0, letIn},
	} {
		d := reserved(t)
		if test.before != nil {
			test.before(d)
		}
		if got := d.enter(test.c, test.at); got != test.want {
			t.Errorf("%s: %v, want %v", what, got, test.want)
		}
		if c := d.crowd(); c.players+c.reserved > 1 || c.players < 0 {
			t.Errorf("%s: %+v", what, c)
		}
	}
}

func TestClosedAndPrivateDoors(t *testing.T) {
	closed := reserved(t)
	closed.closed = true
	private := reserved(t)
	private.private = true
	bound := &auth.Claims{Subject: "bob", Match: "m"}
	for what, test := range map[string]struct{ got, want netcode.Code }{
		"closed, uninvited":            {closed.enter(plain("bob"), 0), netcode.CodeMatchFull},
		"closed, token for it":         {closed.enter(bound, 0), netcode.CodeMatchFull},
		"closed, invited":              {closed.enter(plain("ann"), 0), letIn},
		"private, uninvited":           {private.enter(plain("cat"), 0), netcode.CodeNoMatch},
		"private, token for it":        {private.enter(bound, 0), letIn},
		"private, invited":             {private.enter(plain("ann"), 0), letIn},
		"private, to watch, uninvited": {private.watch(plain("cat")), netcode.CodeNoMatch},
		"private, to watch, invited":   {private.watch(plain("ann")), letIn},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", what, test.got, test.want)
		}
	}
	if closed.crowd().open || private.crowd().open {
		t.Error("open to everybody")
	}
}

func TestReserveIsAllOrNothing(t *testing.T) {
	d := reserved(t)
	err := d.reserve([]Reservation{{Subject: "bob"}, {Subject: "cat"}, {Subject: "dan"}}, []string{"a", "b", "c"}, time.Minute)
	if c := d.crowd(); toProblem(err).Code != codeMatchFull || c.reserved != 1 {
		t.Errorf("%v, %+v", err, c)
	}
	d.bolt(netcode.CodeMatchFinished)
	if err := d.reserve([]Reservation{{Subject: "bob"}}, []string{"a"}, time.Minute); toProblem(err).Code != codeMatchOver {
		t.Error(err)
	}
}

func TestUsedTokensAreBounded(t *testing.T) {
	u := usedTokens{most: 3}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		u.add(id)
	}
	if u.has("a") || u.has("b") || !u.has("c") || !u.has("d") || !u.has("e") || len(u.ids) != 3 {
		t.Errorf("%+v", u)
	}
}
