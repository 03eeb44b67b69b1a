package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"
)

// TestMatched: two tickets, one match, a token for each player, and what the host
// was asked for.
func TestMatched(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann, bob := h.queue("duel", "ann", ""), h.queue("duel", "bob", "")
		if a := h.want(ann, "player:ann", "queued added"); a.at("version") != 1.0 || a.text("players", 0) != "ann" || a.text("queue") != "duel" {
			t.Errorf("queued: %s", a.body)
		}
		pass(time.Second)
		a, b := h.want(ann, "player:ann", "matched found"), h.want(bob, "player:bob", "matched found")
		if a.text("match", "id") == "" || a.text("match", "id") != b.text("match", "id") {
			t.Errorf("two matches: %s %s", a.body, b.body)
		}
		if token := a.text("match", "seats", 0, "token"); token != "token-match-1-ann" || a.at("match", "seats", 1) != nil || strings.Contains(a.body, "token-match-1-bob") {
			t.Errorf("ann sees %s", a.body)
		}
		m := h.host.Matches()
		if len(m) != 1 || len(m[0].Seats) != 2 || fmt.Sprint(m[0].Order.Parameters["rounds"]) != "3" || !m[0].Order.Dissolve || m[0].Order.Hold != 30*time.Second {
			t.Fatalf("the host has %+v", m)
		}
		if s := m[0].Seats[0]; s.Name != "The "+s.Player || s.Team == m[0].Seats[1].Team {
			t.Errorf("seats %+v", m[0].Seats)
		}
		h.queue("duel", "ann", "") // she is free again
	})
}

// TestOneTicketEach: a player is in one ticket or party, over all queues.
func TestOneTicketEach(t *testing.T) {
	inside(t, nil, func(h *harness) {
		first := h.queue("duel", "ann", "")
		a := h.ask("POST", "/v1/tickets", `{"queue":"squads"}`, "player:ann")
		a.refused(t, 409, "player_already_queued")
		if a.text("ticket") != first || !strings.Contains(a.text("detail"), first) {
			t.Errorf("does not name the ticket: %s", a.body)
		}
		a = h.ask("POST", "/v1/parties", "", "player:ann")
		a.refused(t, 409, "player_already_queued")
		a = h.ask("POST", "/v1/tickets", `{"queue":"squads","members":[{"player":"zed"},{"player":"ann"}]}`, "service:shop")
		a.refused(t, 409, "player_already_queued")
		if a.text("errors", 0, "where") != "members[1].player" {
			t.Errorf("where: %s", a.body)
		}
		h.queue("squads", "zed", "") // was not taken by the refused ticket
		if a := h.ask("DELETE", "/v1/tickets/"+first, "", "player:ann"); a.status != 200 || a.text("state") != "cancelled" || a.text("cause") != "cancelled" {
			t.Errorf("delete: %s", a.body)
		}
		if a := h.ask("DELETE", "/v1/tickets/"+first, "", "player:ann"); a.status != 200 || a.text("state") != "cancelled" {
			t.Errorf("deleted again: %s", a.body)
		}
		h.queue("squads", "ann", "")
	})
}

func TestIdempotencyKey(t *testing.T) {
	inside(t, nil, func(h *harness) {
		post := func(body, as, key string) reply {
			return h.ask("POST", "/v1/tickets", body, as, "Idempotency-Key: "+key)
		}
		a := post(`{"queue":"duel"}`, "player:ann", "k1")
		b := post(`{ "queue": "duel" }`, "player:ann", "k1")
		if a.status != 201 || b.status != 200 || a.text("id") != b.text("id") || b.header.Get("Location") != "/v1/tickets/"+a.text("id") {
			t.Errorf("repeated: %d %s, %d %s", a.status, a.body, b.status, b.body)
		}
		post(`{"queue":"squads"}`, "player:ann", "k1").refused(t, 422, "idempotency_key_reused")
		post(`{"queue":"squads"}`, "player:ann", "k2").refused(t, 409, "player_already_queued")
		post(`{"queue":"duel"}`, "player:ann", strings.Repeat("k", 129)).refused(t, 400, "idempotency_key_invalid")
		post(`{"queue":"duel"}`, "player:ann", "k\x01").refused(t, 400, "idempotency_key_invalid")
		if c := post(`{"queue":"duel"}`, "player:bob", "k1"); c.status != 201 || c.text("id") == a.text("id") {
			t.Errorf("another player's key: %d %s", c.status, c.body)
		}
		h.ask("DELETE", "/v1/tickets/"+a.text("id"), "", "player:ann")
		if d := post(`{"queue":"duel"}`, "player:ann", "k1"); d.status != 200 || d.text("state") != "cancelled" {
			t.Errorf("after the end: %d %s", d.status, d.body)
		}
	})
}

// TestAcceptance: all accept; one declines; one does not answer; one is too late.
func TestAcceptance(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann, bob := h.rank("ann"), h.rank("bob")
		h.ask("POST", "/v1/tickets/"+ann+"/accept", "", "player:ann").refused(t, 409, "ticket_not_proposed")
		pass(time.Second)
		if a := h.want(ann, "player:ann", "proposed found"); a.at("proposal", "players") != 2.0 || a.text("proposal", "until") == "" {
			t.Errorf("proposed: %s", a.body)
		}
		if a := h.ask("POST", "/v1/tickets/"+ann+"/accept", "", "player:ann"); a.status != 200 || a.text("proposal", "accepted", 0) != "ann" {
			t.Errorf("accepted: %s", a.body)
		}
		if b := h.ticket(bob, "player:bob"); b.text("proposal", "accepted", 0) != "ann" || b.text("cause") != "accepted" {
			t.Errorf("bob is told %s", b.body)
		}
		h.ask("POST", "/v1/tickets/"+ann+"/decline", "", "player:ann").refused(t, 409, "already_accepted")
		h.ask("POST", "/v1/tickets/"+ann+"/accept", `{"player":"bob"}`, "player:ann").refused(t, 403, "service_only")
		h.ask("POST", "/v1/tickets/"+ann+"/accept", `{"player":"bob"}`, "service:shop").refused(t, 403, "player_not_in_ticket")
		if b := h.ask("POST", "/v1/tickets/"+bob+"/decline", "", "player:bob"); b.text("state")+b.text("cause") != "cancelleddeclined" {
			t.Errorf("declined: %s", b.body)
		}
		if a := h.want(ann, "player:ann", "queued returned"); a.at("age_seconds").(float64) < 1 {
			t.Errorf("ann's age is not kept: %s", a.body)
		}
		cyd := h.rank("cyd")
		pass(time.Second)
		h.want(ann, "player:ann", "proposed found")
		pass(10 * time.Second)
		h.want(ann, "player:ann", "cancelled no_answer")
		h.ask("POST", "/v1/tickets/"+cyd+"/accept", "", "player:cyd").refused(t, 409, "ticket_over")

		dan, eve := h.rank("dan"), h.rank("eve")
		pass(time.Second)
		h.ask("POST", "/v1/tickets/"+dan+"/accept", "", "player:dan")
		if e := h.ask("POST", "/v1/tickets/"+eve+"/accept", "", "service:shop"); e.text("state") != "matched" || len(e.at("match", "seats").([]any)) != 1 {
			t.Errorf("the last yes: %s", e.body)
		}
		h.want(dan, "player:dan", "matched accepted")

		fay, gus := h.rank("fay"), h.rank("gus")
		pass(time.Second)
		h.ask("DELETE", "/v1/tickets/"+fay, "", "player:fay") // while being proposed
		h.want(fay, "player:fay", "cancelled cancelled")
		h.want(gus, "player:gus", "queued returned")
	})
}

func TestLongPoll(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		began := time.Now()
		if a := h.ask("GET", "/v1/tickets/"+ann+"?wait=3", "", "player:ann"); a.text("state") != "queued" || time.Since(began) != 3*time.Second {
			t.Errorf("after %v: %s", time.Since(began), a.body)
		}
		if a := h.ask("GET", "/v1/tickets/"+ann+"?wait=3&version=0", "", "player:ann"); a.at("version") != 1.0 || time.Since(began) != 3*time.Second {
			t.Errorf("after %v: %s", time.Since(began), a.body)
		}
		h.queue("duel", "bob", "")
		if a := h.ask("GET", "/v1/tickets/"+ann+"?wait=60&version=1", "", "player:ann"); a.text("state") != "matched" || time.Since(began) > 5*time.Second {
			t.Errorf("after %v: %s", time.Since(began), a.body)
		}
		h.ask("GET", "/v1/tickets/"+ann+"?wait=60&version=2", "", "player:ann") // final: nothing to wait for
		if time.Since(began) > 5*time.Second {
			t.Errorf("waited for a ticket that is over")
		}
		for _, query := range []string{"wait=61", "wait=-1", "wait=NaN", "wait=long", "version=-1", "version=x"} {
			h.ask("GET", "/v1/tickets/"+ann+"?"+query, "", "player:ann").refused(t, 400, "bad_query")
		}
	})
}

// TestRefusedByHost: if the host has no room the tickets wait again with their age;
// after any other error they are cancelled.
func TestRefusedByHost(t *testing.T) {
	inside(t, func(c *service.Config, host *servicetest.Host) { host.MaxMatches = 1 }, func(h *harness) {
		other := h.host.Add("arena")
		ann, bob := h.queue("duel", "ann", ""), h.queue("duel", "bob", "")
		pass(time.Second)
		h.want(ann, "player:ann", "queued no_room")
		pass(2 * time.Second)
		if a := h.want(bob, "player:bob", "queued no_room"); a.at("version") != 2.0 || a.at("age_seconds") != 3.0 {
			t.Errorf("asked again at once, or the age is lost: %s", a.body)
		}
		h.host.End(other)
		pass(5 * time.Second)
		h.want(ann, "player:ann", "matched found")
	})
	inside(t, func(c *service.Config, host *servicetest.Host) {
		host.Refuse = func(o service.MatchRequest) error { return fmt.Errorf("no game %q", o.Game) }
	}, func(h *harness) {
		ann, bob := h.queue("duel", "ann", ""), h.queue("duel", "bob", "")
		pass(time.Second)
		h.want(ann, "player:ann", "cancelled host_refused")
		h.want(bob, "player:bob", "cancelled host_refused")
		h.queue("duel", "ann", "")
	})
}

// TestRelease: deleting a matched ticket releases the seat at once, except with
// keep_match.
func TestRelease(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		h.queue("duel", "bob", "")
		pass(time.Second)
		if a := h.ask("DELETE", "/v1/tickets/"+ann+"?keep_match=1", "", "player:ann"); a.status != 200 || a.text("match", "seats", 0, "token") == "" {
			t.Errorf("%s", a.body)
		}
		if m := h.host.Matches()[0]; len(m.Seats) != 2 {
			t.Errorf("seats after a look back: %+v", m.Seats)
		}
		if a := h.ask("DELETE", "/v1/tickets/"+ann, "", "player:ann"); a.status != 200 || a.text("state") != "matched" {
			t.Errorf("%s", a.body)
		}
		if m := h.host.Matches()[0]; len(m.Seats) != 1 || m.Seats[0].Player != "bob" {
			t.Errorf("seats %+v", m.Seats)
		}
	})
}

// TestDissolved: a player who came to a dissolved match gets an age credit.
func TestDissolved(t *testing.T) {
	inside(t, nil, func(h *harness) {
		h.queue("duel", "ann", "")
		pass(9 * time.Second)
		h.queue("duel", "bob", "")
		pass(time.Second)
		h.UpdateMatch(service.MatchUpdate{Match: "match-1", Dissolved: true, Absent: []string{"bob"}})
		pass(time.Second)
		if a := h.ticket(h.queue("duel", "ann", ""), "player:ann"); a.at("age_seconds").(float64) < 9 {
			t.Errorf("ann starts again: %s", a.body)
		}
		b := h.queue("squads", "bob", "")
		if b := h.ticket(b, "player:bob"); b.at("age_seconds").(float64) > 1 {
			t.Errorf("bob, who did not come, has %s", b.body)
		}
		h.ask("DELETE", "/v1/tickets/"+b, "", "player:bob")
	})
}

func TestExpires(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		pass(10*time.Minute + time.Second)
		h.want(ann, "player:ann", "expired too_old")
		pass(11 * time.Minute)
		h.ask("GET", "/v1/tickets/"+ann, "", "player:ann").refused(t, 404, "ticket_unknown")
	})
}
