package service_test

import (
	"fmt"
	"testing"
	"time"

	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"
)

func (h *harness) party(leader string, others ...string) string {
	h.t.Helper()
	p := h.ask("POST", "/v1/parties", `{"queue":"squads"}`, "player:"+leader)
	if p.status != 201 || p.text("leader") != leader || p.header.Get("Location") != "/v1/parties/"+p.text("id") {
		h.t.Fatalf("party: %d %s", p.status, p.body)
	}
	for _, o := range others {
		if a := h.ask("POST", "/v1/parties/join", fmt.Sprintf(`{"code":%q}`, p.text("code")), "player:"+o); a.status != 200 {
			h.t.Fatalf("join: %d %s", a.status, a.body)
		}
	}
	return "/v1/parties/" + p.text("id")
}

// TestParty: found, joined, ready, started, matched together, open again.
func TestParty(t *testing.T) {
	inside(t, nil, func(h *harness) {
		path := h.party("ann", "bob")
		h.ask("POST", path+"/start", "", "player:bob").refused(t, 403, "party_not_leader")
		h.ask("POST", path+"/start", "", "player:ann").refused(t, 409, "party_not_ready")
		h.ask("POST", path+"/ready", `{"ready":true,"attributes":{"skill":12}}`, "player:ann")
		polled := make(chan reply, 1)
		go func() { polled <- h.ask("GET", path+"?wait=30", "", "player:bob") }()
		pass(time.Second)
		if p := h.ask("POST", path+"/ready", `{"ready":true}`, "player:bob"); p.at("members", 1, "ready") != true {
			t.Errorf("%s", p.body)
		}
		if p := <-polled; p.at("version") != 4.0 || p.text("state") != "open" {
			t.Errorf("poll: %s", p.body)
		}
		ticket := h.ask("POST", path+"/start", "", "player:ann")
		if ticket.status != 201 || ticket.text("players", 1) != "bob" || "/v1/parties/"+ticket.text("party") != path {
			t.Fatalf("start: %d %s", ticket.status, ticket.body)
		}
		id := ticket.text("id")
		if p := h.ask("GET", path, "", "player:bob"); p.text("state") != "queued" || p.text("ticket") != id {
			t.Errorf("queued: %s", p.body)
		}
		for _, call := range []string{"ready", "leave", "kick"} {
			body := map[string]string{"ready": `{"ready":false}`, "leave": "", "kick": `{"player":"bob"}`}[call]
			h.ask("POST", path+"/"+call, body, "player:ann").refused(t, 409, "party_queued")
		}
		h.ask("POST", path+"/start", "", "player:ann").refused(t, 409, "party_queued")
		h.ask("POST", "/v1/tickets", `{"queue":"duel"}`, "player:bob").refused(t, 409, "player_already_queued")
		h.queue("squads", "cyd", "")
		pass(time.Second)
		a := h.want(id, "player:bob", "matched found")
		if a.text("match", "seats", 0, "player") != "bob" || a.at("match", "seats", 1) != nil {
			t.Errorf("bob sees %s", a.body)
		}
		for _, s := range h.host.Matches()[0].Seats {
			if want := map[string]float64{"ann": 12, "bob": 10, "cyd": 10}[s.Player]; s.Attributes["skill"].Number() != want || s.Name != "The "+s.Player {
				t.Errorf("seat %+v", s)
			}
		}
		p := h.ask("GET", path, "", "player:ann")
		if p.text("state") != "open" || p.at("members", 0, "ready") != false || p.text("ticket") != id {
			t.Errorf("afterwards: %s", p.body)
		}
		h.ask("POST", path+"/leave", "", "player:ann")
		if p := h.ask("GET", path, "", "player:bob"); p.text("leader") != "bob" {
			t.Errorf("nobody leads: %s", p.body)
		}
		if p := h.ask("POST", path+"/leave", "", "player:bob"); p.text("state") != "closed" {
			t.Errorf("the last one left: %s", p.body)
		}
		h.ask("GET", path, "", "player:bob").refused(t, 404, "party_unknown")
		h.queue("duel", "bob", "")
	})
}

func TestBadParty(t *testing.T) {
	inside(t, func(c *service.Config, _ *servicetest.Host) { c.Limits.PartyMembers, c.Limits.Parties = 2, 2 }, func(h *harness) {
		path := h.party("ann", "bob")
		code := h.ask("GET", path, "", "player:ann").text("code")
		join := fmt.Sprintf(`{"code":%q}`, code)
		for _, c := range []struct {
			path, body, as string
			status         int
			code           string
		}{
			{"/v1/parties/join", join, "player:cyd", 409, "party_full"},
			{"/v1/parties/join", `{"code":"nonsense"}`, "player:cyd", 404, "party_code_unknown"},
			{"/v1/parties/join", `{"kode":"nonsense"}`, "player:cyd", 400, "bad_json"},
			{"/v1/parties/join", join, "service:shop", 400, "bad_json"},
			{"/v1/parties/join", `{"code":"x","player":"bob"}`, "player:cyd", 403, "service_only"},
			{"/v1/parties", `{"queue":"chess"}`, "player:cyd", 404, "queue_unknown"},
			{"/v1/parties", `{"player":"\n"}`, "service:shop", 422, "player_invalid"},
			{path + "/ready", `{"ready":true}`, "player:cyd", 403, "party_not_member"},
			{path + "/ready", ``, "player:ann", 400, "bad_json"},
			{path + "/ready", `{"ready":"yes"}`, "player:ann", 400, "bad_json"},
			{path + "/ready", `{"ready":true,"attributes":{"skill":1e999}}`, "player:ann", 422, "number_not_finite"},
			{path + "/kick", `{"player":"bob"}`, "player:bob", 403, "party_not_leader"},
			{path + "/kick", `{"player":"cyd"}`, "player:ann", 403, "party_not_member"},
			{"/v1/parties/p/start", ``, "player:ann", 404, "party_unknown"},
			{path + "/start", `{"queue":"chess"}`, "player:ann", 404, "queue_unknown"},
		} {
			h.ask("POST", c.path, c.body, c.as).refused(t, c.status, c.code)
		}
		if a := h.ask("POST", "/v1/parties/join", join, "player:bob"); a.status != 200 || a.at("members", 2) != nil {
			t.Errorf("who is in it joins again: %s", a.body)
		}
		// What the queue refuses leaves the party open.
		h.ask("POST", path+"/ready", `{"ready":true,"attributes":{"beard":1}}`, "player:ann")
		h.ask("POST", path+"/ready", `{"ready":true}`, "player:bob")
		h.ask("POST", path+"/start", "", "player:ann").refused(t, 422, "attribute_unknown")
		h.ask("POST", path+"/ready", `{"ready":true}`, "player:ann")
		h.ask("POST", path+"/ready", `{"ready":true}`, "player:bob")
		h.ask("POST", path+"/start", `{"queue":"duel"}`, "player:ann").refused(t, 422, "party_too_large")
		if p := h.ask("GET", path, "", "player:ann"); p.text("state") != "open" || p.text("ticket") != "" {
			t.Errorf("%s", p.body)
		}
		if p := h.ask("POST", path+"/kick", `{"player":"bob"}`, "player:ann"); p.at("members", 1) != nil {
			t.Errorf("kicked: %s", p.body)
		}
		h.ask("GET", path, "", "player:bob").refused(t, 403, "party_not_member")
		if p := h.ask("POST", "/v1/parties", `{"player":"zed","name":"Zed"}`, "service:shop"); p.status != 201 || p.text("members", 0, "name") != "Zed" {
			t.Errorf("a service's party: %d %s", p.status, p.body)
		}
		h.ask("POST", "/v1/parties", "", "player:bob").refused(t, 503, "too_many_parties")
		pass(31 * time.Minute)
		h.ask("GET", path, "", "player:ann").refused(t, 404, "party_unknown") // idle
	})
}
