package app

import (
	"net/http"
	"strings"
	"testing"
)

// TestBadQueues: rules that can't be used end the program before it listens,
// with the place and the remedy.
func TestBadQueues(t *testing.T) {
	for text, want := range map[string][]string{
		"name: q\ngame: arena\nteams: [{name: side, count: 2, players: 1}]\nrulez: []\n": {
			"line 4: rulez: field \"rulez\" is unknown here; use one of"},
		"name: q\ngame: arena\nteams: [{name: side, count: 2, players: 1}]\nacceptance: {required: true}\ngive_up: -1s\n": {
			"line 5: give_up: ", "write one with its unit"},
		"name: q\ngame: arena\nattributes: {s: {type: number}}\nteams: [{name: side, count: 2, players: 1}]\ngive_up: 10s\nrules: [{name: close, kind: distance, attribute: s, max: {from: 1, to: 9, after: 5s, over: 60s}}]\n": {
			"line 5: give_up: tickets expire at 10s, but the last expansion is at 1m5s; let tickets wait longer, or expand earlier"},
		"name: q\ngame: chess\nteams: [{name: side, count: 2, players: 1}]\n": {
			`game: "chess" is not hosted: use one of arena,`},
		"name: q\ngame: arena\nteams: [{name: side, count: 2, players: 500}]\n": {
			"teams: matches of up to 1000 players, and arena takes 64: make the teams smaller"},
		"name: q\ngame: arena\nparameters: {maps: [a, b]}\nteams: [{name: side, count: 2, players: 1}]\n": {
			`parameters: parameter "maps" is [a b], and games take numbers, texts, true and false: write one of these`},
	} {
		path := file(t, "rules.yaml", text)
		o := command(t, "serve", "--addr", "127.0.0.1:0", "--admin-addr", "off", "--rules", path)
		if o.status != exitUsage || !strings.Contains(o.err, path) {
			t.Errorf("%s: status %d, %s", text, o.status, o.err)
		}
		for _, part := range want {
			if !strings.Contains(o.err, part) {
				t.Errorf("%s\nlacks %q:\n%s", text, part, o.err)
			}
		}
	}
	for args, want := range map[string]string{
		"--queues chess":         `--queues: no queue "chess": use ladder, fives, arena or none`,
		"--rules /nonexistent":   "--rules: open /nonexistent: no such file or directory: give the path",
		"--public-url arena.org": "PublicURL",
	} {
		o := command(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"}, strings.Fields(args)...)...)
		if o.status == exitDone || !strings.Contains(o.err, want) {
			t.Errorf("%s: status %d, %s", args, o.status, o.err)
		}
	}
}

// TestQueues: which there are, their metrics, and where seats are.
func TestQueues(t *testing.T) {
	t.Parallel()
	names := func(s *served) string {
		_, body := fetch(t, http.MethodGet, "http://"+s.addr+"/v1/queues")
		var list []string
		for _, part := range strings.Split(body, `{"name":"`)[1:] {
			if name, game, ok := strings.Cut(part, `","game":`); ok && strings.HasPrefix(game, `"arena"`) {
				list = append(list, name)
			}
		}
		return strings.Join(list, " ")
	}
	if got := names(serving(t)); got != "ladder fives arena" {
		t.Errorf("queues %q", got)
	}
	if got := names(serving(t, "--games", "tag")); got != "" {
		t.Errorf("queues of games that are not hosted: %q", got)
	}
	own := file(t, "ladder.yaml", "name: ladder\ngame: arena\nteams: [{name: one, count: 2, players: 1}]\nevery: 100ms\n")
	s := serving(t, "--queues", "ladder,arena", "--rules", own, "--public-url", "https://play.example.com")
	if got := names(s); got != "ladder arena" {
		t.Errorf("queues %q", got)
	}
	d := newAPIDriver(t)
	for range 2 {
		ticket := d.do(s, 201, call{method: "POST", path: "/v1/tickets", token: s.guest(t), body: `{"queue":"ladder"}`})
		if ticket.str("queue") != "ladder" {
			t.Errorf("%s", ticket.text)
		}
	}
	token := s.guest(t)
	one := d.do(s, 201, call{method: "POST", path: "/v1/tickets", token: token, body: `{"queue":"ladder"}`})
	d.do(s, 201, call{method: "POST", path: "/v1/tickets", token: s.guest(t), body: `{"queue":"ladder"}`})
	h := &apiHouse{apiDriver: d, s: s}
	if m := h.until("matched", one.str("id"), token); !strings.HasPrefix(m.str("match", "seats", 0, "url"), "wss://play.example.com/play?game=arena&match=") {
		t.Errorf("the seat is elsewhere: %s", m.text)
	}
	if _, page := fetch(t, http.MethodGet, "http://"+s.admin+"/metrics"); !strings.Contains(page, `arbiter_queue_players{queue="arena"} 0`) {
		t.Errorf("no metrics of the queues:\n%s", page)
	}
}
