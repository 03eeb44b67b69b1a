package match

import (
	"errors"
	"testing"
	"time"

	"arbiter/netcode"
)

// plain are the claims of an ordinary token, joining those of a join token.
func plain(subject string) *Claims { return &Claims{Subject: subject} }

func joining(subject, id string) *Claims {
	return &Claims{Subject: subject, ID: id, Match: "m", JoinBy: time.Unix(1, 0)}
}

// granted are requests of a back end.
func granted(list ...Reservation) (requests []SeatRequest) {
	for _, r := range list {
		requests = append(requests, SeatRequest{r, Access{Granted: true}})
	}
	return requests
}

// enter is a session that comes and, if it is let in, gets its seat.
func enter(d *roster, c *Claims, now time.Duration) netcode.Code {
	code := d.admit(c, now)
	if code == admitted {
		d.settle(passPlayer, c.Subject, true)
	}
	return code
}

func TestRoster(t *testing.T) {
	d := newRoster(2, 1)
	for _, test := range []struct {
		subject string
		want    netcode.Code
	}{{"ann", admitted}, {"bob", admitted}, {"cat", netcode.CodeMatchFull}, {"ann", admitted}} {
		if got := enter(d, plain(test.subject), 0); got != test.want {
			t.Errorf("%s: %v, want %v", test.subject, got, test.want)
		}
	}
	if d.closeIfEmpty() {
		t.Error("shut on those inside")
	}
	d.remove("bob", netcode.CodeTokenUsed)
	if !d.occupancy().open {
		t.Error("no seat is free after one left")
	}
	d.close(netcode.CodeDrain)
	if got := enter(d, plain("cat"), 0); got != netcode.CodeDrain {
		t.Errorf("into a closed roster: %v, want drain", got)
	}
	if got := enter(d, plain("ann"), 0); got != admitted {
		t.Errorf("one who has a seat, into a closed roster: %v, want in", got)
	}
	if got := d.admitSpectator(plain("dan")); got != netcode.CodeDrain {
		t.Errorf("a spectator into a closed roster: %v, want drain", got)
	}
	d.remove("ann", netcode.CodeTokenUsed)
	if !d.closeIfEmpty() || enter(d, plain("ann"), 0) != netcode.CodeNoMatch {
		t.Error("not shut when empty")
	}
}

// reserved is a roster of three seats, one of them Ann's.
func reserved(t *testing.T) *roster {
	t.Helper()
	d := newRoster(3, 1)
	d.id = "m"
	if err := d.reserve(granted(Reservation{Subject: "ann", Team: "red"}), []string{"t1"}, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReservationsAreTakenSeats(t *testing.T) {
	d := reserved(t)
	for _, test := range []struct {
		subject string
		want    netcode.Code
	}{{"bob", admitted}, {"cat", admitted}, {"dan", netcode.CodeMatchFull}, {"ann", admitted}} {
		if got := enter(d, plain(test.subject), 0); got != test.want {
			t.Errorf("%s: %v, want %v", test.subject, got, test.want)
		}
	}
	if c := d.occupancy(); c.players != 3 || c.reserved != 0 || c.free != 0 {
		t.Errorf("%+v", c)
	}
	if r, ok := d.reservationOf("ann"); !ok || r.Team != "red" {
		t.Errorf("%+v, %v", r, ok)
	}
}

func TestSpectatorsTakeNoReservation(t *testing.T) {
	d := reserved(t)
	if got := d.admitSpectator(joining("ann", "t1")); got != admitted {
		t.Fatal(got)
	}
	if c := d.occupancy(); c.reserved != 1 || c.players != 0 || c.spectators != 1 {
		t.Errorf("%+v", c)
	}
	if got := enter(d, joining("ann", "t1"), time.Second); got != admitted {
		t.Errorf("the seat is gone: %v", got)
	}
}

// Hazards: join token.
func TestJoinTokensServeOneSeat(t *testing.T) {
	for what, test := range map[string]struct {
		before func(d *roster)
		c      *Claims
		at     time.Duration
		want   netcode.Code
	}{
		"in time":         {nil, joining("ann", "t1"), 10 * time.Second, admitted},
		"late":            {nil, joining("ann", "t1"), 10*time.Second + 1, netcode.CodeJoinLapsed},
		"unknown":         {nil, joining("ann", "t2"), 0, netcode.CodeJoinLapsed},
		"another's":       {nil, joining("bob", "t1"), 0, netcode.CodeJoinLapsed},
		"to its own seat": {func(d *roster) { enter(d, joining("ann", "t1"), 0) }, joining("ann", "t1"), time.Hour, admitted},
		"after a kick":    {func(d *roster) { enter(d, joining("ann", "t1"), 0); d.remove("ann", netcode.CodeKicked) }, joining("ann", "t1"), 0, netcode.CodeKicked},
		"claimed with another": {func(d *roster) {
			enter(d, joining("ann", "t1"), 0)
			_ = d.reserve(granted(Reservation{Subject: "ann"}), []string{"t2"}, time.Minute)
			enter(d, joining("ann", "t2"), 0)
		}, joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"twice, but plain":  {func(d *roster) { enter(d, joining("ann", "t1"), 0) }, plain("ann"), 0, admitted},
		"after a plain one": {func(d *roster) { enter(d, plain("ann"), 0) }, joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"after leaving":     {func(d *roster) { enter(d, joining("ann", "t1"), 0); d.remove("ann", netcode.CodeTokenUsed) }, joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"released":          {func(d *roster) { d.release("ann") }, joining("ann", "t1"), 0, netcode.CodeJoinLapsed},
		"lapsed":            {func(d *roster) { d.removeExpired(11 * time.Second) }, joining("ann", "t1"), 0, netcode.CodeJoinLapsed},
		"while draining":    {func(d *roster) { d.close(netcode.CodeDrain) }, joining("ann", "t1"), 0, netcode.CodeDrain},
		"given anew": {func(d *roster) { _ = d.reserve(granted(Reservation{Subject: "ann"}), []string{"t2"}, time.Minute) },
			joining("ann", "t2"), 11 * time.Second, admitted},
		"the one before": {func(d *roster) { _ = d.reserve(granted(Reservation{Subject: "ann"}), []string{"t2"}, time.Minute) },
			joining("ann", "t1"), 0, netcode.CodeTokenUsed},
		"to come back": {func(d *roster) {
			enter(d, plain("ann"), 0)
			_ = d.reserve(granted(Reservation{Subject: "ann"}), []string{"t2"}, time.Minute)
		}, joining("ann", "t2"), 0, admitted},
	} {
		d := reserved(t)
		if test.before != nil {
			test.before(d)
		}
		if got := enter(d, test.c, test.at); got != test.want {
			t.Errorf("%s: %v, want %v", what, got, test.want)
		}
		if c := d.occupancy(); c.players+c.reserved > 1 || c.players < 0 {
			t.Errorf("%s: %+v", what, c)
		}
	}
}

func TestClosedAndPrivateRosters(t *testing.T) {
	closed := reserved(t)
	closed.reservedOnly = true
	private := reserved(t)
	private.private = true
	bound := func(subject string) *Claims { return &Claims{Subject: subject, Match: "m"} }
	for what, test := range map[string]struct{ got, want netcode.Code }{
		"closed, uninvited":            {closed.admit(plain("bob"), 0), netcode.CodeMatchFull},
		"closed, token for it":         {closed.admit(bound("bob"), 0), netcode.CodeMatchFull},
		"closed, invited":              {closed.admit(plain("ann"), 0), admitted},
		"private, uninvited":           {enter(private, plain("cat"), 0), netcode.CodeNoMatch},
		"private, token for it":        {enter(private, bound("bob"), 0), admitted},
		"private, invited":             {enter(private, plain("ann"), 0), admitted},
		"private, to watch, uninvited": {private.admitSpectator(plain("cat")), netcode.CodeNoMatch},
		"private, to watch, a player":  {private.admitSpectator(plain("ann")), netcode.CodeNotAllowed},
		"private, to watch, invited":   {private.admitSpectator(bound("eve")), admitted},
		"closed, to watch, uninvited":  {closed.admitSpectator(plain("cat")), netcode.CodeNotAllowed},
		"closed, to watch, invited":    {closed.admitSpectator(bound("eve")), admitted},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", what, test.got, test.want)
		}
	}
	if closed.occupancy().open || private.occupancy().open {
		t.Error("open to everybody")
	}
}

func TestReserveIsAllOrNothing(t *testing.T) {
	d := reserved(t)
	err := d.reserve(granted(Reservation{Subject: "bob"}, Reservation{Subject: "cat"}, Reservation{Subject: "dan"}), []string{"a", "b", "c"}, time.Minute)
	if c := d.occupancy(); !errors.Is(err, ErrFull) || c.reserved != 1 {
		t.Errorf("%v, %+v", err, c)
	}
	d.close(netcode.CodeMatchFinished)
	if err := d.reserve(granted(Reservation{Subject: "bob"}), []string{"a"}, time.Minute); !errors.Is(err, ErrOver) {
		t.Error(err)
	}
}

func TestUsedTokensAreBounded(t *testing.T) {
	u := usedTokens{most: 3}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		u.add(id, netcode.CodeTokenUsed)
	}
	for id, want := range map[string]bool{"a": false, "b": false, "c": true, "d": true, "e": true} {
		if _, used := u.why(id); used != want {
			t.Errorf("%s is remembered: %v, want %v", id, used, want)
		}
	}
	if len(u.list) != 3 {
		t.Errorf("%+v", u)
	}
}
