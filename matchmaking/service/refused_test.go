package service_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"
)

// TestBadTickets: every bad ticket is refused with its problem.
func TestBadTickets(t *testing.T) {
	many := strings.Repeat(`{"player":"p"},`, 4) + `{"player":"q"}`
	inside(t, nil, func(h *harness) {
		for _, c := range []struct {
			body   string
			as     string
			status int
			code   string
			where  string
		}{
			{`{"queue":"duel","teem":1}`, "player:ann", 400, "bad_json", "teem"},
			{`{"queue":"duel","members":[{"player":"ann","nick":"a"}]}`, "player:ann", 400, "bad_json", "nick"},
			{`{"queue":5}`, "player:ann", 400, "bad_json", "queue"},
			{`{"queue":"duel","members":{}}`, "player:ann", 400, "bad_json", "members"},
			{`{"queue":"duel","attributes":[]}`, "player:ann", 400, "bad_json", "attributes"},
			{`{"queue":"ranked","attributes":{"skill":NaN}}`, "player:ann", 400, "bad_json", ""},
			{`{"queue":"duel"`, "player:ann", 400, "bad_json", ""},
			{`["duel"]`, "player:ann", 400, "bad_json", ""},
			{`{"queue":"duel"}{"queue":"duel"}`, "player:ann", 400, "bad_json", ""},
			{`{"queue":"` + strings.Repeat("x", 65<<10) + `"}`, "player:ann", 413, "body_too_large", ""},
			{`{"queue":"chess"}`, "player:ann", 404, "queue_unknown", ""},
			{``, "player:ann", 404, "queue_unknown", ""},
			{`{"queue":"duel"}`, "", 401, "token_invalid", ""},
			{`{"queue":"duel"}`, "nobody:ann", 401, "token_invalid", ""},
			{`{"queue":"duel","match":"gone"}`, "player:ann", 404, "no_such_match", ""},
			{`{"queue":"duel","members":[{"player":"bob"}]}`, "player:ann", 403, "service_only", ""},
			{`{"queue":"duel","members":[{"player":"ann"},{"player":"bob"}]}`, "player:ann", 403, "service_only", ""},
			{`{"queue":"duel"}`, "service:shop", 422, "members_missing", "members"},
			{`{"queue":"duel","members":[{"player":"a"},{"player":"b"}]}`, "service:shop", 422, "party_too_large", "members"},
			{`{"queue":"squads","members":[` + many + `]}`, "service:shop", 422, "party_too_large", "members"},
			{`{"queue":"squads","members":[{"player":"a"},{"player":"a"}]}`, "service:shop", 422, "player_twice", "members[1].player"},
			{`{"queue":"squads","members":[{"player":""}]}`, "service:shop", 422, "player_invalid", "members[0].player"},
			{`{"queue":"squads","members":[{"player":"a\u0000"}]}`, "service:shop", 422, "player_invalid", "members[0].player"},
			{`{"queue":"squads","members":[{"player":"a","name":"` + strings.Repeat("x", 65) + `"}]}`, "service:shop", 422, "player_invalid", "members[0].player"},
			{`{"queue":"duel"}`, "player:" + strings.Repeat("x", 65), 422, "player_invalid", "members[0].player"},
			{`{"queue":"duel","attributes":{"skill":1}}`, "player:ann", 422, "attribute_unknown", "attributes.skill"},
			{`{"queue":"ranked"}`, "player:ann", 422, "attribute_missing", "members[0].attributes.latency"},
			{`{"queue":"ranked","attributes":{"skill":"high"}}`, "player:ann", 422, "attribute_kind_wrong", "attributes.skill"},
			{`{"queue":"ranked","attributes":{"skill":"NaN"}}`, "player:ann", 422, "attribute_kind_wrong", "attributes.skill"},
			{`{"queue":"ranked","attributes":{"skill":null}}`, "player:ann", 422, "attribute_kind_wrong", "attributes.skill"},
			{`{"queue":"ranked","attributes":{"skill":true}}`, "player:ann", 422, "attribute_kind_wrong", "attributes.skill"},
			{`{"queue":"ranked","attributes":{"maps":[1]}}`, "player:ann", 422, "attribute_kind_wrong", "attributes.maps"},
			{`{"queue":"ranked","attributes":{"latency":{"eu":"near"}}}`, "player:ann", 422, "attribute_kind_wrong", "attributes.latency"},
			{`{"queue":"ranked","attributes":{"skill":1e999}}`, "player:ann", 422, "number_not_finite", "attributes.skill"},
			{`{"queue":"ranked","members":[{"player":"a","attributes":{"skill":-1e999}}]}`, "service:shop", 422, "number_not_finite", "members[0].attributes.skill"},
			{`{"queue":"ranked","attributes":{"skill":5001}}`, "player:ann", 422, "number_out_of_range", "attributes.skill"},
			{`{"queue":"ranked","attributes":{"mode":"` + strings.Repeat("x", 65) + `"}}`, "player:ann", 422, "text_too_long", "attributes.mode"},
			{`{"queue":"ranked","attributes":{"maps":["canyon"` + strings.Repeat(`,"canyon"`, 64) + `]}}`, "player:ann", 422, "set_too_large", "attributes.maps"},
			{`{"queue":"ranked","attributes":{"maps":["moon"]}}`, "player:ann", 422, "value_unknown", "attributes.maps"},
			{`{"queue":"ranked","attributes":{"latency":{"mars":9}}}`, "player:ann", 422, "region_unknown", "attributes.latency"},
		} {
			a := h.ask("POST", "/v1/tickets", c.body, c.as)
			a.refused(t, c.status, c.code)
			if a.text("errors", 0, "where") != c.where {
				t.Errorf("%.80s: where is %q, want %q", c.body, a.text("errors", 0, "where"), c.where)
			}
		}
		if a := h.ask("POST", "/v1/tickets", `{"queue":"duel"}`, "player:ann"); a.status != 201 {
			t.Errorf("a refusal left something behind: %s", a.body)
		}
	})
	inside(t, nil, func(h *harness) {
		apart := `{"queue":"squads","members":[{"player":"a"},{"player":"b"}],"attributes":{"skill":1}}`
		if a := h.ask("POST", "/v1/tickets", apart, "service:shop"); a.status != 201 {
			t.Errorf("%s", a.body)
		}
	})
}

func TestNoSuchThing(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		for _, c := range []struct {
			method, path, as string
			status           int
			code             string
		}{
			{"GET", "/v1/tickets/x", "player:ann", 404, "ticket_unknown"},
			{"GET", "/v1/tickets/t-aaaaaaaa-abcdefghijklmnop", "player:ann", 410, "ticket_lost"},
			{"DELETE", "/v1/tickets/t-aaaaaaaa-abcdefghijklmnop", "player:ann", 410, "ticket_lost"},
			{"GET", "/v1/tickets/t-aaaaaaaa-abcdefghijklmnop/events", "player:ann", 410, "ticket_lost"},
			{"GET", "/v1/parties/p-aaaaaaaa-abcdefghijklmnop", "player:ann", 410, "party_lost"},
			{"GET", "/v1/tickets/" + ann, "player:bob", 403, "ticket_not_yours"},
			{"DELETE", "/v1/tickets/" + ann, "player:bob", 403, "ticket_not_yours"},
			{"GET", "/v1/tickets/" + ann + "/explain", "player:bob", 403, "ticket_not_yours"},
			{"GET", "/v1/tickets/" + ann, "", 401, "token_invalid"},
			{"PUT", "/v1/tickets/" + ann, "player:ann", 405, "method_not_allowed"},
			{"GET", "/v1/tickets", "player:ann", 405, "method_not_allowed"},
			{"GET", "/v1/nothing", "player:ann", 404, "no_such_path"},
			{"GET", "/v1/queues/chess", "", 404, "queue_unknown"},
		} {
			h.ask(c.method, c.path, "", c.as).refused(t, c.status, c.code)
		}
		if a := h.ask("OPTIONS", "/v1/tickets/"+ann, "", ""); a.status != 204 || a.header.Get("Allow") != "DELETE, GET, HEAD, OPTIONS" {
			t.Errorf("%d %v", a.status, a.header)
		}
		if a := h.ask("GET", "/v1/tickets/"+ann, "", "service:shop"); a.status != 200 {
			t.Errorf("a service may ask for any ticket: %s", a.body)
		}
	})
}

// TestRates: an identity above its rate limit gets Retry-After; others are served.
func TestRates(t *testing.T) {
	inside(t, func(c *service.Config, _ *servicetest.Host) {
		c.Limits.Rate, c.Limits.Burst, c.Limits.Identities = 0.5, 2, 3
	}, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		h.ticket(ann, "player:ann")
		a := h.ask("GET", "/v1/tickets/"+ann, "", "player:ann")
		a.refused(t, 429, "too_many_requests")
		if a.header.Get("Retry-After") != "2" {
			t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
		}
		h.ticket(ann, "service:ann") // another identity
		pass(2 * time.Second)
		h.ticket(ann, "player:ann")
		h.ask("GET", "/v1/tickets/"+ann, "", "player:ann").refused(t, 429, "too_many_requests")
		for i := range 3 { // the table is bounded: the least recent identity is dropped
			h.ask("GET", "/v1/tickets/x", "", fmt.Sprintf("player:p%d", i))
		}
		h.ticket(ann, "player:ann")
	})
}

// TestManyTickets: ten thousand tickets of one service end at its limit, with a
// problem; others can still queue.
func TestManyTickets(t *testing.T) {
	t.Parallel()
	inside(t, func(c *service.Config, _ *servicetest.Host) { c.Limits.ServiceBurst = 20_000 }, func(h *harness) {
		taken, refused := 0, 0
		for i := range 10_000 {
			a := h.ask("POST", "/v1/tickets", fmt.Sprintf(`{"queue":"squads","members":[{"player":"p%d"}]}`, i), "service:shop")
			switch {
			case a.status == 201:
				taken++
			case refused == 0:
				a.refused(t, 429, "too_many_tickets")
				fallthrough
			default:
				refused++
			}
		}
		if taken != 5000 || refused != 5000 {
			t.Errorf("%d taken, %d refused", taken, refused)
		}
		h.queue("duel", "ann", "")
		if a := h.ask("POST", "/v1/tickets", `{"queue":"duel","members":[{"player":"bob"}]}`, "service:other"); a.status != 201 {
			t.Errorf("%s", a.body)
		}
		pass(time.Second)
		if a := h.ask("POST", "/v1/tickets", `{"queue":"squads","members":[{"player":"last"}]}`, "service:shop"); a.status != 201 {
			t.Errorf("all were matched, and still: %s", a.body)
		}
	})
}

func TestQueueFull(t *testing.T) {
	inside(t, func(c *service.Config, _ *servicetest.Host) { c.Limits.Tickets = 1 }, func(h *harness) {
		h.queue("ranked", "ann", `{"latency":{"eu":20}}`)
		h.ask("POST", "/v1/tickets", `{"queue":"ranked","attributes":{"latency":{"eu":20}}}`, "player:bob").refused(t, 503, "queue_full")
	})
}
