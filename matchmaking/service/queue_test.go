package service_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// TestBackfill: a match that this queue began asks for players and gets as
// many; the others wait or make their own.
func TestBackfill(t *testing.T) {
	inside(t, func(_ *service.Config, host *servicetest.Host) { host.MaxPlayers = 4 }, func(h *harness) {
		h.queue("squads", "ann", "")
		h.queue("squads", "bob", "")
		pass(time.Second)
		match := h.host.Matches()[0].ID
		cyd := h.queue("squads", "cyd", "")
		pass(time.Second)
		h.want(cyd, "player:cyd", "queued added") // it wants nobody yet
		h.host.Want(match, 1)
		pass(time.Second)
		if c := h.want(cyd, "player:cyd", "matched found"); c.text("match", "id") != match {
			t.Errorf("cyd is elsewhere: %s", c.body)
		}
		if m := h.host.Matches(); len(m) != 1 || len(m[0].Seats) != 3 {
			t.Errorf("%+v", m)
		}
		h.UpdateMatch(service.MatchUpdate{Match: match, Ended: true})
		h.host.Want(match, 1)
		dan := h.queue("squads", "dan", "")
		pass(time.Second)
		h.want(dan, "player:dan", "queued added") // the queue has forgotten it
	})
}

// TestPinned: a ticket that names a match gets a seat in it, waits while it is full,
// and is cancelled when it has ended.
func TestPinned(t *testing.T) {
	inside(t, func(_ *service.Config, host *servicetest.Host) { host.MaxPlayers = 2 }, func(h *harness) {
		match := h.host.Add("arena")
		pin := func(player string) string {
			a := h.ask("POST", "/v1/tickets", fmt.Sprintf(`{"queue":"ranked","match":%q,"attributes":{"latency":{"eu":20}}}`, match), "player:"+player)
			if a.status != http.StatusCreated {
				t.Fatal(a.body)
			}
			return a.text("id")
		}
		ann, bob, cyd := pin("ann"), pin("bob"), ""
		pass(time.Second)
		if a := h.want(ann, "player:ann", "matched found"); a.text("match", "id") != match {
			t.Errorf("%s", a.body)
		}
		h.want(bob, "player:bob", "matched found")
		cyd = pin("cyd")
		pass(3 * time.Second)
		h.want(cyd, "player:cyd", "queued added")
		h.host.Release(match, "ann")
		pass(time.Second)
		h.want(cyd, "player:cyd", "matched found")
		dan := pin("dan")
		h.host.End(match)
		pass(time.Second)
		h.want(dan, "player:dan", "cancelled match_gone")
	})
}

// TestPlayersFromElsewhere: players who came to a match without this queue take
// seats in its teams.
func TestPlayersFromElsewhere(t *testing.T) {
	inside(t, nil, func(h *harness) {
		match := h.host.Add("arena")
		for _, s := range []service.Seat{{Player: "x", Team: "red"}, {Player: "y", Team: "side 1"}} {
			if _, err := h.host.Join(match, service.MatchRequest{Seats: []service.Seat{s}}); err != nil {
				t.Fatal(err)
			}
		}
		a := h.ask("POST", "/v1/tickets", fmt.Sprintf(`{"queue":"ranked","match":%q,"attributes":{"latency":{"eu":20}}}`, match), "player:ann")
		pass(3 * time.Second)
		h.want(a.text("id"), "player:ann", "queued added") // the host has seats, but both sides have their player
		h.host.Release(match, "x")
		pass(time.Second)
		if a := h.want(a.text("id"), "player:ann", "matched found"); a.text("match", "seats", 0, "team") != "side 2" {
			t.Errorf("%s", a.body)
		}
	})
}

func TestExplain(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("ranked", "ann", `{"skill":1000,"latency":{"eu":20}}`)
		explain := func() reply { return h.ask("GET", "/v1/tickets/"+ann+"/explain", "", "player:ann") }
		if x := explain(); x.status != 200 || x.text("reason") != "players" || x.at("needed") != 2.0 {
			t.Errorf("%s", x.body)
		}
		h.queue("ranked", "bob", `{"skill":1300,"latency":{"eu":20}}`)
		pass(10 * time.Second)
		x := explain()
		if x.text("reason") != "rule" || x.text("blocking", 0) != "close skill" || x.at("rules", 0, "passing") != 0.0 || x.at("next", "in_seconds") != 1.0 || x.at("age_seconds") != 10.0 {
			t.Errorf("%s", x.body)
		}
		h.ask("DELETE", "/v1/tickets/"+ann, "", "player:ann")
		explain().refused(t, 409, "ticket_over")
	})
}

func TestQueues(t *testing.T) {
	inside(t, nil, func(h *harness) {
		h.queue("duel", "ann", "")
		pass(3 * time.Second)
		if q := h.ask("GET", "/v1/queues/duel", "", ""); q.at("waiting", "players") != 1.0 || q.at("estimate_seconds") != nil || q.at("matches_formed") != 0.0 {
			t.Errorf("%s", q.body)
		}
		h.queue("duel", "bob", "")
		pass(time.Second)
		q := h.ask("GET", "/v1/queues/duel", "", "")
		if q.at("waiting", "players") != 0.0 || q.at("matches_formed") != 1.0 || q.at("wait_seconds", "p99") == 0.0 || q.at("estimate_seconds") == nil {
			t.Errorf("%s", q.body)
		}
		all := h.ask("GET", "/v1/queues", "", "")
		if r := all.at("queues", 1); all.at("queues", 2) == nil || fmt.Sprint(r.(map[string]any)["regions"]) != "[eu us]" || all.at("queues", 1, "acceptance", "timeout_seconds") != 10.0 ||
			all.at("queues", 1, "attributes", 3, "required") != true || all.text("queues", 1, "attributes", 1, "default", 0) != "canyon" {
			t.Errorf("%s", all.body)
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(h.Service)
		page := httptest.NewRecorder()
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
		for _, line := range []string{
			`arbiter_queue_matches_total{queue="duel"} 1`,
			`arbiter_queue_matches_total{queue="ranked"} 0`,
			`arbiter_queue_players{queue="duel"} 0`,
			`arbiter_queue_tickets_left_total{cause="found",queue="duel",state="matched"} 2`,
		} {
			if !strings.Contains(page.Body.String(), line+"\n") {
				t.Errorf("the metrics lack %s:\n%s", line, page.Body)
			}
		}
	})
}

// TestRestart: with the same store the tickets are restored, with their ids and
// ages; with an empty one they are lost, and reading them says so.
func TestRestart(t *testing.T) {
	store := service.NewMemory()
	with := func(c *service.Config, _ *servicetest.Host) { c.Store = store }
	var ann string
	inside(t, with, func(h *harness) {
		ann = h.queue("ranked", "ann", `{"skill":1700,"latency":{"eu":20}}`)
		bob := h.queue("duel", "bob", "")
		h.ask("DELETE", "/v1/tickets/"+bob, "", "player:bob")
		kept, err := store.Load()
		if err != nil || len(kept) != 1 || kept[0].Queue != "ranked" || kept[0].Owner != "ann" {
			t.Fatalf("kept: %+v, %v", kept, err)
		}
		pass(5 * time.Second)
		store = service.NewMemory() // what the crash leaves behind
		store.Save(kept[0])
	})
	inside(t, with, func(h *harness) {
		a := h.want(ann, "player:ann", "queued restored")
		if a.at("age_seconds").(float64) < 0 {
			t.Errorf("%s", a.body)
		}
		h.ask("POST", "/v1/tickets", `{"queue":"duel"}`, "player:ann").refused(t, 409, "player_already_queued")
		h.rank("bob")
		h.ask("DELETE", "/v1/tickets/"+ann, "", "player:ann")
	})
	inside(t, nil, func(h *harness) {
		h.ask("GET", "/v1/tickets/"+ann, "", "player:ann").refused(t, 410, "ticket_lost")
	})
}
