package app

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"arbiter/server/auth"
)

const (
	quickRules = "name: quick\ngame: arena\nteams: [{name: side, count: 2, players: 1}]\nevery: 100ms\n"
	askedRules = "name: asked\ngame: arena\nteams: [{name: side, count: 2, players: 1}]\nevery: 100ms\nacceptance: {required: true, timeout: 1m}\n"
	slowRules  = "name: slow\ngame: arena\nattributes: {skill: {type: number, default: 1}}\nteams: [{name: side, count: 2, players: 2}]\n"

	lostTicket = "t-aaaaaaaa-abcdefghijklmnop"
	lostParty  = "p-aaaaaaaa-abcdefghijklmnop"
)

var tooLarge = `{"name":"` + strings.Repeat("x", 65<<10) + `"}`

// apiHouse is a server with keys, and who asks it.
type apiHouse struct {
	*apiDriver
	s      *served
	signer *auth.Signer
	shop   string // a service's token
}

func (h *apiHouse) token(c auth.Claims) string {
	h.t.Helper()
	token, err := h.signer.Mint(c)
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

func (h *apiHouse) player(name string) string {
	return h.token(auth.Claims{Subject: name, Name: name})
}

func newAPIHouse(t *testing.T, d *apiDriver, args ...string) *apiHouse {
	t.Helper()
	spec := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	h := &apiHouse{apiDriver: d, signer: signerOf(t, spec)}
	h.shop = h.token(auth.Claims{Subject: "shop", Service: true})
	h.s = serving(t, append([]string{"--key", spec, "--queues", "none",
		"--rules", file(t, "quick.yaml", quickRules), "--rules", file(t, "asked.yaml", askedRules), "--rules", file(t, "slow.yaml", slowRules)}, args...)...)
	return h
}

func signerOf(t *testing.T, spec string) *auth.Signer {
	t.Helper()
	signer, err := auth.NewSigner(auth.Config{Keys: keysOf(t, spec)})
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// TestAPI drives the program over HTTP. Every answer must be one that the
// API's document has, in the form it says, and every answer of the document
// must have been given.
func TestAPI(t *testing.T) {
	t.Parallel()
	d := newAPIDriver(t)
	d.guests(serving(t))
	h := newAPIHouse(t, d, "--drain-wait", "8s")
	h.about()
	h.matches()
	h.tickets()
	h.parties()
	h.impatient()
	h.upgrades()
	d.crowded()
	d.unsigned()
	d.hasty()
	h.draining()
	for _, name := range d.missing() {
		t.Errorf("%s is documented and was not produced", name)
	}
}

// guests is what a server without keys does.
func (d *apiDriver) guests(s *served) {
	guest := call{method: "POST", path: "/v1/guest", body: `{"name":"Ann"}`}
	if got := d.do(s, 201, guest); got.str("token") == "" {
		d.t.Errorf("no token: %s", got.text)
	}
	guest.body = `{"nick":"Ann"}`
	d.do(s, 400, guest)
	guest.body = tooLarge
	d.do(s, 413, guest)
	queues := d.do(s, 200, call{method: "GET", path: "/v1/queues"})
	for i, name := range []string{"ladder", "fives", "arena"} {
		if queues.str("queues", i, "name") != name {
			d.t.Errorf("queue %d: %s", i, queues.text)
		}
	}
}

func (h *apiHouse) about() {
	for _, path := range []string{"/v1/games", "/v1/openapi.json", "/v1/openapi.yaml", "/v1/queues"} {
		h.do(h.s, 200, call{method: "GET", path: path})
	}
	h.do(h.s, 403, call{method: "POST", path: "/v1/guest"})
	problems := h.do(h.s, 200, call{method: "GET", path: "/v1/problems"})
	for _, p := range problems.doc["problems"].([]any) {
		code := p.(map[string]any)["code"].(string)
		h.do(h.s, 200, call{method: "GET", path: "/v1/problems/{code}", id: code})
	}
	h.do(h.s, 404, call{method: "GET", path: "/v1/problems/{code}", id: "bad_hair"})
	h.do(h.s, 200, call{method: "GET", path: "/v1/queues/{name}", id: "slow"})
	h.do(h.s, 404, call{method: "GET", path: "/v1/queues/{name}", id: "chess"})
	for path, want := range map[string]string{"/v1/nothing": "no_such_path", "/v1/tickets": "method_not_allowed"} {
		answer := h.send(h.s, call{method: "GET", path: path})
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || !strings.Contains(string(text), `"code":"`+want+`"`) {
			h.t.Errorf("%s: %d %s %v", path, answer.StatusCode, text, err)
		}
	}
}

// matches is what the server does by itself.
func (h *apiHouse) matches() {
	ann, bob := h.player("ann"), h.player("bob")
	post := call{method: "POST", path: "/v1/matches", token: ann, body: `{"game":"arena","private":true,"parameters":{"mode":"duel","rounds":3}}`}
	private := h.do(h.s, 201, post)
	begun := h.follow(h.s, call{method: "GET", path: "/v1/matches/events", token: h.shop, header: []string{"Last-Event-ID: 0"}}, 1)
	if !strings.Contains(begun.text, "event: began\n") {
		h.t.Errorf("events: %s", begun.text)
	}
	h.wrong(post, "", "", `{"game":"chess"}`)
	post.token = h.joinToken()
	h.do(h.s, 403, post)
	public := h.do(h.s, 201, call{method: "POST", path: "/v1/matches", token: ann, body: `{"game":"tag"}`})

	list := call{method: "GET", path: "/v1/matches", token: h.shop, query: "limit=1"}
	if page := h.do(h.s, 200, list); page.str("next") == "" || page.str("matches", 0, "id") == "" {
		h.t.Errorf("page: %s", page.text)
	}
	list.query = "code=" + private.str("code")
	list.token = ""
	h.do(h.s, 401, list)
	list.token = ann
	if page := h.do(h.s, 200, list); page.str("matches", 0, "id") != private.str("id") {
		h.t.Errorf("by code: %s", page.text)
	}
	list.query = "limit=0"
	h.do(h.s, 400, list)
	list.query = "game=chess"
	h.do(h.s, 404, list)
	list.token = "x.y.z"
	h.do(h.s, 401, list)

	get := call{method: "GET", path: "/v1/matches/{id}", id: public.str("id")}
	h.do(h.s, 200, get)
	get.id = private.str("id")
	h.do(h.s, 404, get)
	get.token = "x.y.z"
	h.do(h.s, 401, get)

	join := call{method: "POST", path: "/v1/matches/{id}/join", id: private.str("id"), token: bob, body: fmt.Sprintf(`{"code":%q}`, private.str("code"))}
	h.do(h.s, 201, join)
	join.body, join.token = "", h.player("cyd")
	h.do(h.s, 403, join)
	h.wrong(join, "", "", "")
	join.id = "nowhere"
	h.do(h.s, 404, join)

	play := call{method: "POST", path: "/v1/play", token: bob, body: `{"game":"tag"}`}
	if seat := h.do(h.s, 201, play); seat.str("match") != public.str("id") || !strings.HasPrefix(seat.str("url"), "ws://"+h.s.addr+"/play?game=tag&match=") {
		h.t.Errorf("seat: %s", seat.text)
	}
	h.wrong(play, "", "", `{"game":"chess"}`)
	play.token = h.joinToken()
	h.do(h.s, 403, play)

	events := call{method: "GET", path: "/v1/matches/events", token: bob}
	h.do(h.s, 403, events)
	events.token = ""
	h.do(h.s, 401, events)
	events.token, events.header = h.shop, []string{"Last-Event-ID: x"}
	h.do(h.s, 400, events)
	events.header = nil
	var open []*http.Response
	for range 64 {
		open = append(open, h.send(h.s, events))
	}
	h.do(h.s, 503, events)
	for _, answer := range open {
		answer.Body.Close()
	}
}

// joinToken is a token that only enters a match.
func (h *apiHouse) joinToken() string {
	return h.token(auth.Claims{Subject: "zoe", Match: "m", ID: "1", JoinBy: time.Now().Add(time.Minute)})
}

// wrong makes the request without a token, with a body that is no JSON, with
// one too large, and with a body or id that there is none of; "" leaves out.
func (h *apiHouse) wrong(c call, gone, unknown, body string) {
	h.t.Helper()
	without := c
	without.token = ""
	h.do(h.s, 401, without)
	if c.method == "POST" {
		bad := c
		bad.body = `{"x":`
		h.do(h.s, 400, bad)
		bad.body = tooLarge
		h.do(h.s, 413, bad)
	}
	if gone != "" {
		lost := c
		lost.id = gone
		h.do(h.s, 410, lost)
	}
	if unknown != "" {
		none := c
		none.id = unknown
		h.do(h.s, 404, none)
	}
	if body != "" {
		none := c
		none.body = body
		h.do(h.s, 404, none)
	}
}

// hasty is what servers do with those who ask too often.
func (d *apiDriver) hasty() {
	spec := strings.TrimSpace(mustRun(d.t, "token", "--new-key"))
	token, err := signerOf(d.t, spec).Mint(auth.Claims{Subject: "ann"})
	if err != nil {
		d.t.Fatal(err)
	}
	s := serving(d.t, "--queues", "none", "--request-rate", "0.001", "--key", spec)
	play := call{method: "POST", path: "/v1/play", token: token, body: `{"game":"tag"}`}
	d.do(s, 201, play)
	d.do(s, 429, play)
	d.do(s, 429, call{method: "POST", path: "/v1/matches", token: token, body: `{"game":"tag"}`})
	d.do(s, 429, call{method: "POST", path: "/v1/matches/{id}/join", id: "any", token: token})
	d.do(s, 429, call{method: "GET", path: "/v1/matches", query: "code=AAAAAAAA", token: token})
	d.do(s, 429, call{method: "GET", path: "/v1/matches/{id}", id: "any", query: "code=AAAAAAAA", token: token})
	open := serving(d.t, "--queues", "none", "--request-rate", "0.0001")
	guest := call{method: "POST", path: "/v1/guest"}
	d.do(open, 201, guest)
	d.do(open, 429, guest)
}

// unsigned is what a server does that has no key to sign seats with.
func (d *apiDriver) unsigned() {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	s := serving(d.t, "--queues", "none", "--key", "pub:EdDSA:"+base64.RawURLEncoding.EncodeToString(public))
	token, err := signerOf(d.t, "pub:EdDSA:"+base64.RawURLEncoding.EncodeToString(private)).Mint(auth.Claims{Subject: "ann"})
	if err != nil {
		d.t.Fatal(err)
	}
	match := d.do(s, 201, call{method: "POST", path: "/v1/matches", token: token, body: `{"game":"tag"}`})
	d.do(s, 501, call{method: "POST", path: "/v1/matches/{id}/join", id: match.str("id"), token: token})
	d.do(s, 501, call{method: "POST", path: "/v1/play", token: token, body: `{"game":"tag"}`})
}
