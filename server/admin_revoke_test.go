package server_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

const asJSON = "Content-Type: application/json"

func TestRevokedPlayer(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind, Games: watchable()})
		ann, bob := s.Join("ann"), s.Join("bob")
		early := s.Dial("ann") // no hello yet
		watch := s.Join("ann", "spectate", "1", "match", ann.Welcome.MatchID)
		a := servertest.HTTP(t, "POST", s.Admin+"/v1/revocations", `{"subject":"ann"}`, asJSON)
		var made struct {
			ID, Subject string
			Until       time.Time
		}
		if err := json.Unmarshal([]byte(a.Body), &made); err != nil || a.Status != 201 || made.Subject != "ann" ||
			time.Until(made.Until) < 23*time.Hour || a.Header.Get("Location") != "/v1/revocations/"+made.ID {
			t.Fatalf("%d %s, %v", a.Status, a.Body, err)
		}
		for what, c := range map[string]*servertest.Client{"player": ann, "early": early, "spectator": watch} {
			if code, bye := c.End(); code != netcode.CodeRevoked || bye != code {
				t.Errorf("%s: closed with %v, bye %v; want revoked", what, code, bye)
			}
		}
		if _, err := s.Try(queryOf(s.Token("ann"))); err == nil {
			t.Error("she gets in again")
		}
		bearer := "Authorization: Bearer " + s.Token("ann")
		if a := servertest.HTTP(t, "POST", s.URL+"/v1/matches", `{"game":"drill"}`, bearer); a.Status != 401 {
			t.Errorf("over HTTP: %d %s, want 401", a.Status, a.Body)
		}
		servertest.Eventually(t, "her seat is free, long before the resume window ends", func() bool {
			return s.Metrics().Sum("arbiter_players") == 1 && s.Metrics().Sum("arbiter_sessions") == 1
		})
		if s.Metrics().Sum("arbiter_revocations") != 1 {
			t.Error("the revocation is not counted")
		}
		bob.Input(servertest.DrillInput{Mark: 1})
		bob.Until("bob plays on", func(u view.Update) bool { return u.AckSeq == 1 })

		if a := servertest.HTTP(t, "GET", s.Admin+"/v1/revocations", ""); a.Status != 200 || !containsAll(a.Body, made.ID, `"subject":"ann"`) {
			t.Errorf("list: %d %s", a.Status, a.Body)
		}
		if a := servertest.HTTP(t, "DELETE", s.Admin+"/v1/revocations/"+made.ID, ""); a.Status != 204 {
			t.Errorf("delete: %d %s", a.Status, a.Body)
		}
		if a := servertest.HTTP(t, "DELETE", s.Admin+"/v1/revocations/"+made.ID, ""); a.Status != 404 {
			t.Errorf("delete again: %d %s, want 404", a.Status, a.Body)
		}
		s.Join("ann").Until("she is back", func(view.Update) bool { return true })
	})
}

// watchable are games whose players may watch their own match.
func watchable() []game.Definition {
	return []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{PlayersMayWatch: true})}
}

func TestRevokedToken(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{Games: watchable()})
	named := func(id string) string {
		c := lasting("ann", time.Hour)
		c.ID = id
		return s.TokenFor(c)
	}
	one := enter(s, t, named("one"))
	two := enter(s, t, named("two"), "spectate", "1", "match", one.Welcome.MatchID)
	renewed := enter(s, t, named("one"), "spectate", "1", "match", one.Welcome.MatchID)
	if got := renew(t, renewed, named("three")); got.Refusal != "" {
		t.Fatalf("%+v", got)
	}
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	a := servertest.HTTP(t, "POST", s.Admin+"/v1/revocations", fmt.Sprintf(`{"token_id":"one","until":%q}`, until), asJSON)
	if a.Status != 201 || !containsAll(a.Body, until) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if code, _ := one.End(); code != netcode.CodeRevoked {
		t.Errorf("closed with %v, want revoked", code)
	}
	if code, _ := renewed.End(); code != netcode.CodeRevoked {
		t.Errorf("one that has another token since: closed with %v, want revoked", code)
	}
	for what, c := range map[string]*servertest.Client{"another token": two} {
		c.Send(netcode.Ping{ClientTime: 7}.Append(nil))
		for {
			kind, _, err := c.Read()
			if err != nil || kind == netcode.KindBye {
				t.Fatalf("%s: %v, %v; want the session to go on", what, kind, err)
			}
			if kind == netcode.KindPong {
				break
			}
		}
	}
	if again := s.Resume(one, "ann"); again.Welcome.Player != one.Welcome.Player {
		t.Errorf("with another token: welcome %+v, want the seat of before", again.Welcome)
	}
}

func TestRevocationsRefuse(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	for body, code := range map[string]string{
		``: "bad_revocation", `{}`: "bad_revocation", `{"subject":"a","token_id":"b"}`: "bad_revocation",
		`{"subject":"a","until":"2020-01-01T00:00:00Z"}`: "bad_revocation", `{"subject":"a","until":"soon"}`: "bad_json",
		`{"sub":"a"}`: "bad_json",
	} {
		if a := servertest.HTTP(t, "POST", s.Admin+"/v1/revocations", body, asJSON); a.Status != 400 || a.Code() != code {
			t.Errorf("%s: %d %s, want %s", body, a.Status, a.Body, code)
		}
	}
	if a := servertest.HTTP(t, "POST", s.Admin+"/v1/kicks", `{"subject":"nobody"}`, asJSON); a.Status != 404 || a.Code() != "no_such_player" {
		t.Errorf("kicking nobody: %d %s", a.Status, a.Body)
	}
	if a := servertest.HTTP(t, "POST", s.Admin+"/v1/kicks", `{}`, asJSON); a.Status != 400 {
		t.Errorf("kicking without a name: %d %s", a.Status, a.Body)
	}
	if _, err := s.Revoke(t.Context(), auth.Revocation{}); err == nil {
		t.Error("nobody was revoked")
	}
}

func TestKick(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		ann, bob := s.Join("ann"), s.Join("bob")
		order := fmt.Sprintf(`{"subject":"ann","match":%q}`, ann.Welcome.MatchID)
		if a := servertest.HTTP(t, "POST", s.Admin+"/v1/kicks", `{"subject":"ann","match":"another"}`, asJSON); a.Status != 404 {
			t.Errorf("from another match: %d %s", a.Status, a.Body)
		}
		if a := servertest.HTTP(t, "POST", s.Admin+"/v1/kicks", order, asJSON); a.Status != 200 || !containsAll(a.Body, `"sessions":1`, `"seats":1`) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if code, bye := ann.End(); code != netcode.CodeKicked || bye != code {
			t.Errorf("closed with %v, bye %v; want kicked", code, bye)
		}
		servertest.Eventually(t, "her seat is free", func() bool { return s.Metrics().Sum("arbiter_players") == 1 })
		bob.Drop()
		servertest.Eventually(t, "bob is away", func() bool { return s.Metrics().Sum("arbiter_sessions") == 0 })
		if a := servertest.HTTP(t, "POST", s.Admin+"/v1/kicks", `{"subject":"bob"}`, asJSON); a.Status != 200 || !containsAll(a.Body, `"sessions":0`, `"seats":1`) {
			t.Errorf("who is away: %d %s", a.Status, a.Body)
		}
		servertest.Eventually(t, "the seat is free", func() bool { return s.Metrics().Sum("arbiter_players") == 0 })
	})
}
