package app

import (
	"fmt"
	"strings"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode/client"
)

// queue posts a ticket for a player and returns it.
func (h *apiHouse) queue(queue, player string) seen {
	h.t.Helper()
	return h.do(h.s, 201, call{method: "POST", path: "/v1/tickets", token: h.player(player), body: fmt.Sprintf(`{"queue":%q}`, queue)})
}

// until polls a ticket until it is in that state.
func (h *apiHouse) until(state, id, token string) seen {
	h.t.Helper()
	got := h.do(h.s, 200, call{method: "GET", path: "/v1/tickets/{id}", id: id, token: token})
	for range 20 {
		if got.str("state") == state {
			return got
		}
		got = h.do(h.s, 200, call{method: "GET", path: "/v1/tickets/{id}", id: id, token: token, query: fmt.Sprintf("wait=5&version=%v", got.doc["version"])})
	}
	h.t.Fatalf("never %s: %s", state, got.text)
	return got
}

func (h *apiHouse) tickets() {
	ann, bob := h.player("ann"), h.player("bob")
	post := call{method: "POST", path: "/v1/tickets", token: ann, body: `{"queue":"slow"}`, header: []string{"Idempotency-Key: one"}}
	id := h.do(h.s, 201, post).str("id")
	h.do(h.s, 200, post)
	post.header = nil
	h.do(h.s, 409, post)
	h.wrong(post, "", "", `{"queue":"chess"}`)
	post.token = bob
	post.body = `{"queue":"slow","members":[{"player":"ann"}]}`
	h.do(h.s, 403, post)
	post.body = `{"queue":"slow","attributes":{"beard":1}}`
	h.do(h.s, 422, post)

	for _, c := range []call{
		{method: "GET", path: "/v1/tickets/{id}"},
		{method: "DELETE", path: "/v1/tickets/{id}"},
		{method: "GET", path: "/v1/tickets/{id}/events"},
		{method: "GET", path: "/v1/tickets/{id}/explain"},
		{method: "POST", path: "/v1/tickets/{id}/accept"},
		{method: "POST", path: "/v1/tickets/{id}/decline"},
	} {
		c.id, c.token = id, ann
		h.wrong(c, lostTicket, "nothing", "")
		c.token = bob
		h.do(h.s, 403, c)
	}
	h.do(h.s, 400, call{method: "GET", path: "/v1/tickets/{id}", id: id, token: ann, query: "wait=61"})
	h.do(h.s, 400, call{method: "GET", path: "/v1/tickets/{id}/events", id: id, token: ann, query: "cancel_on_close=maybe"})
	h.do(h.s, 409, call{method: "POST", path: "/v1/tickets/{id}/accept", id: id, token: ann})
	h.do(h.s, 409, call{method: "POST", path: "/v1/tickets/{id}/decline", id: id, token: ann})
	if x := h.do(h.s, 200, call{method: "GET", path: "/v1/tickets/{id}/explain", id: id, token: ann}); x.str("reason") != "players" {
		h.t.Errorf("explanation: %s", x.text)
	}
	h.do(h.s, 200, call{method: "DELETE", path: "/v1/tickets/{id}", id: id, token: ann})
	h.do(h.s, 409, call{method: "GET", path: "/v1/tickets/{id}/explain", id: id, token: ann})
	h.do(h.s, 204, call{method: "GET", path: "/v1/tickets/{id}/events", id: id, token: ann, header: []string{"Last-Event-ID: 2"}})
	h.answers()
}

// answers is acceptance, and what follows a match.
func (h *apiHouse) answers() {
	ann, bob := h.player("abe"), h.player("bea")
	one, two := h.queue("asked", "abe").str("id"), h.queue("asked", "bea").str("id")
	h.until("proposed", one, ann)
	h.do(h.s, 200, call{method: "POST", path: "/v1/tickets/{id}/decline", id: two, token: h.shop, body: `{"player":"bea"}`})
	two = h.queue("asked", "bea").str("id")
	h.until("proposed", two, bob)
	h.do(h.s, 200, call{method: "POST", path: "/v1/tickets/{id}/accept", id: one, token: ann})
	h.do(h.s, 200, call{method: "POST", path: "/v1/tickets/{id}/accept", id: two, token: bob})
	stream := h.follow(h.s, call{method: "GET", path: "/v1/tickets/{id}/events", id: one, token: ann}, 6)
	if !strings.Contains(stream.text, "event: matched\n") {
		h.t.Errorf("stream: %s", stream.text)
	}
	matched := h.until("matched", two, bob)
	h.do(h.s, 409, call{method: "POST", path: "/v1/matches/{id}/join", id: matched.str("match", "id"), token: h.player("cat")})
}

func (h *apiHouse) parties() {
	lea, mem, cyd := h.player("lea"), h.player("mem"), h.player("cyd")
	found := call{method: "POST", path: "/v1/parties", token: lea, body: `{"queue":"slow"}`}
	party := h.do(h.s, 201, found)
	h.do(h.s, 409, found)
	h.wrong(found, "", "", `{"queue":"chess"}`)
	join := call{method: "POST", path: "/v1/parties/join", token: mem, body: fmt.Sprintf(`{"code":%q}`, party.str("code"))}
	h.do(h.s, 200, join)
	h.wrong(join, "", "", `{"code":"none"}`)
	h.queue("slow", "cyd")
	join.token = cyd
	h.do(h.s, 409, join)
	ready := call{path: "/v1/parties/{id}/ready", body: `{"ready":true}`}
	kick := call{path: "/v1/parties/{id}/kick", body: `{"player":"mem"}`}
	start := call{path: "/v1/parties/{id}/start"}
	leave := call{path: "/v1/parties/{id}/leave"}
	for _, c := range []call{found, join} { // for somebody else, and with a name that can't be
		c.body = `{"player":"dan"}`
		h.do(h.s, 403, c)
		c.token, c.body = h.shop, `{"player":"\n"}`
		h.do(h.s, 422, c)
	}
	for _, c := range []call{ready, kick, start, leave} {
		c.method, c.id, c.token = "POST", party.str("id"), mem // lea has to stay within her rate
		h.wrong(c, lostParty, "nothing", "")
		c.token = cyd
		h.do(h.s, 403, c)
		c.token, c.body = h.shop, `{"player":"\n"}`
		switch c.path {
		case ready.path:
			c.body = `{"ready":true,"player":"\n"}`
		case kick.path:
			c.body = `{"player":"mem","by":"\n"}`
		}
		h.do(h.s, 422, c)
	}
	post := func(want int, c call, token string) seen {
		h.t.Helper()
		c.method, c.id, c.token = "POST", party.str("id"), token
		return h.do(h.s, want, c)
	}
	post(409, start, lea)
	post(200, ready, lea)
	post(200, ready, mem)
	ticket := post(201, start, lea)
	for _, c := range []call{ready, kick, leave} {
		post(409, c, lea)
	}
	h.do(h.s, 200, call{method: "DELETE", path: "/v1/tickets/{id}", id: ticket.str("id"), token: mem})
	get := call{method: "GET", path: "/v1/parties/{id}", id: party.str("id"), token: lea}
	if p := h.do(h.s, 200, get); p.str("state") != "open" || p.str("ticket") != ticket.str("id") {
		h.t.Errorf("party: %s", p.text)
	}
	get.token = mem
	h.wrong(get, lostParty, "nothing", "")
	get.query = "wait=x"
	h.do(h.s, 400, get)
	get.query, get.token = "", cyd
	h.do(h.s, 403, get)
	post(200, kick, lea)
	post(200, leave, lea)
}

// impatient asks more than anybody may.
func (h *apiHouse) impatient() {
	token := h.player("ivy")
	paths, _ := h.at("paths")
	for path := range paths.(map[string]any) {
		if path == "/play" { // where connections are counted: see plays
			continue
		}
		for _, method := range []string{"get", "post", "delete"} {
			if limited, _ := h.at("paths", path, method, "responses", "429"); limited == nil {
				continue
			}
			c, status := call{method: strings.ToUpper(method), path: path, id: "x", token: token, body: "{}"}, 0
			if method != "post" {
				c.body = ""
			}
			for n := 0; n < 200 && status != 429; n++ {
				status = h.ask(h.s, c).status
			}
		}
	}
}

// draining is what is answered while the last matches play on.
func (h *apiHouse) draining() {
	ann := h.player("eve")
	c, err := client.Dial(h.t.Context(), arena.Game, client.Config{URL: "ws://" + h.s.addr, Token: ann}) // keeps its match and so the server
	if err != nil {
		h.t.Fatal(err)
	}
	defer c.Close()
	ticket := h.queue("slow", "dan").str("id")
	match := h.do(h.s, 201, call{method: "POST", path: "/v1/matches", token: ann, body: `{"game":"tag"}`}).str("id")
	party := h.do(h.s, 201, call{method: "POST", path: "/v1/parties", token: h.player("liv"), body: `{"queue":"slow"}`}).str("id")
	h.do(h.s, 200, call{method: "POST", path: "/v1/parties/{id}/ready", id: party, token: h.player("liv"), body: `{"ready":true}`})
	h.s.stop()
	if got := h.until("cancelled", ticket, h.player("dan")); got.str("cause") != "closed" {
		h.t.Errorf("while draining: %s", got.text)
	}
	deadline := time.Now().Add(10 * time.Second)
	for h.ask(h.s, call{method: "POST", path: "/v1/play", token: ann, body: `{"game":"arena"}`}).status != 503 {
		if time.Now().After(deadline) {
			h.t.Fatal("does not drain")
		}
	}
	for _, c := range []call{
		{path: "/v1/matches", body: `{"game":"tag"}`},
		{path: "/v1/matches/{id}/join", id: match},
		{path: "/v1/tickets", body: `{"queue":"slow"}`},
		{path: "/v1/tickets/{id}/accept", id: ticket},
		{path: "/v1/tickets/{id}/decline", id: ticket},
		{path: "/v1/parties"},
	} {
		c.method, c.token = "POST", h.player("dan")
		h.do(h.s, 503, c)
	}
	h.do(h.s, 503, call{method: "GET", path: "/v1/tickets/{id}/explain", id: ticket, token: h.player("dan")})
	h.do(h.s, 503, call{method: "POST", path: "/v1/parties/{id}/start", id: party, token: h.player("liv")})
}
