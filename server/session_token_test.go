package server_test

import (
	"strings"
	"testing"
	"time"

	"arbiter/netcode"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// enter connects with a token, says hello, and returns the client.
func enter(s *servertest.Server, t *testing.T, token string, query ...string) *servertest.Client {
	t.Helper()
	c, err := s.Try(queryOf(token, query...))
	if err != nil {
		t.Fatal(err)
	}
	c.Hello(netcode.Hello{})
	return c
}

func queryOf(token string, more ...string) map[string][]string {
	q := map[string][]string{"game": {"drill"}, "token": {token}}
	for i := 0; i < len(more); i += 2 {
		q[more[i]] = []string{more[i+1]}
	}
	return q
}

// renew brings a token and returns the answer.
func renew(t *testing.T, c *servertest.Client, token string) netcode.Renewed {
	t.Helper()
	c.Send(netcode.Renew{Token: token}.Append(nil))
	for {
		kind, payload, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		if kind != netcode.KindRenewed {
			continue
		}
		m, err := netcode.ParseRenewed(payload)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}

func lasting(subject string, d time.Duration) auth.Claims {
	return auth.Claims{Subject: subject, Expiry: time.Now().Add(d)}
}

func TestRenewedTokenKeepsTheSession(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		c := enter(s, t, s.TokenFor(lasting("ann", 2*time.Second)))
		if left := c.Welcome.TokenLeft; left <= 0 || left > 2*time.Second {
			t.Errorf("the welcome says that the token lasts %v, want up to 2 s", left)
		}
		if got := renew(t, c, s.TokenFor(lasting("ann", time.Hour))); got.Refusal != "" || got.Left < 59*time.Minute || got.Left > time.Hour {
			t.Errorf("answered %+v, want an hour", got)
		}
		began := time.Now()
		c.Slow = true
		for time.Since(began) < 3500*time.Millisecond { // the first token's time is over, and housekeeping is done each second
			if kind, _, err := c.Read(); err != nil || kind == netcode.KindBye {
				t.Fatalf("after %v: %v, %v; want the session to last", time.Since(began), kind, err)
			}
		}
		if n := s.Metrics().Sum("arbiter_tokens_renewed_total", `result="ok"`); n != 1 {
			t.Errorf("%v renewals counted, want 1", n)
		}
	})
}

func TestRenewalIsRefused(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	if _, err := s.Revoke(t.Context(), auth.Revocation{TokenID: "stolen"}); err != nil {
		t.Fatal(err)
	}
	const hour = time.Hour
	good := s.TokenFor(lasting("ann", hour))
	bound := lasting("ann", hour)
	bound.Match = "another"
	stolen := lasting("ann", hour)
	stolen.ID = "stolen"
	for name, row := range map[string]struct{ token, why string }{
		"another player's":   {s.TokenFor(lasting("bob", hour)), "token-subject"},
		"of another match":   {s.TokenFor(bound), "token-match"},
		"expired":            {s.TokenFor(lasting("ann", -time.Minute)), "token-expired"},
		"changed":            {good[:len(good)-4] + "AAAA", "token-signature"},
		"revoked":            {s.TokenFor(stolen), "token-revoked"},
		"none":               {"", "token-missing"},
		"no token":           {"hello", "token-malformed"},
		"as long as may be":  {strings.Repeat("x", netcode.MaxToken), "token-malformed"},
		"not even a message": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := enter(s, t, s.TokenFor(lasting("ann", hour/2)))
			if row.why == "" {
				c.Send([]byte{0x92, byte(netcode.KindRenew), 0x07})
				if code, _ := c.End(); code != netcode.CodeMalformed {
					t.Errorf("closed with %v, want malformed", code)
				}
				return
			}
			got := renew(t, c, row.token)
			if got.Refusal != row.why || got.Left > hour/2 || got.Left < hour/2-time.Minute {
				t.Errorf("answered %+v, want %s and half an hour as before", got, row.why)
			}
			if again := renew(t, c, good); again.Refusal != "token-too-often" {
				t.Errorf("a second one at once: %+v, want token-too-often", again)
			}
			if n := s.Metrics().Sum("arbiter_tokens_renewed_total", `result="`+row.why+`"`); n == 0 {
				t.Error("not counted")
			}
		})
	}
}

// A refused token changes nothing: the session ends with the one it has, and its
// seat waits for the next.
func TestExpiryAfterARefusedRenewal(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	c := enter(s, t, s.TokenFor(lasting("ann", 2*time.Second)))
	if got := renew(t, c, s.TokenFor(lasting("bob", time.Hour))); got.Refusal != "token-subject" {
		t.Fatalf("answered %+v", got)
	}
	if code, bye := c.End(); code != netcode.CodeTokenExpired || bye != code {
		t.Errorf("closed with %v, bye %v; want token-expired", code, bye)
	}
	again := s.Resume(c, "ann")
	if again.Welcome.Player != c.Welcome.Player || again.Welcome.Resumed == netcode.Fresh {
		t.Errorf("welcome %+v, want the seat of before", again.Welcome)
	}
}

// A token of any match, or of this one, may follow one that is bound to it; one
// that ends earlier does not shorten the session.
func TestRenewingABoundToken(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	first := s.Join("bob")
	bound := lasting("ann", time.Hour)
	bound.Match = first.Welcome.MatchID
	for name, next := range map[string]auth.Claims{"bound": bound, "free": lasting("ann", time.Minute)} {
		c := enter(s, t, s.TokenFor(bound))
		if got := renew(t, c, s.TokenFor(next)); got.Refusal != "" || got.Left < 59*time.Minute {
			t.Errorf("%s: answered %+v, want it to be taken and the hour kept", name, got)
		}
	}
}
