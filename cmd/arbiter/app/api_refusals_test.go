package app

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// What is wrong with a request is answered alike by the game server's routes and
// by matchmaking's: with the same status, code, title and places in the request,
// which GET /v1/problems explains, and in words of HTTP and JSON, not of Go.
func TestBothAPIsRefuseAlike(t *testing.T) {
	t.Parallel()
	h := newAPIHouse(t, newAPIDriver(t), "--request-rate", "0")
	good := h.player("ann")
	xml := []string{"Content-Type: text/xml"}
	for _, c := range []struct {
		name          string
		method        string
		first, second string // path: the server's, matchmaking's
		token, body   string
		header        []string
		status        int
		code, where   string
	}{
		{"no token", "POST", "/v1/matches", "/v1/tickets", "", `{}`, nil, 401, "token_missing", ""},
		{"not a bearer", "POST", "/v1/matches", "/v1/tickets", "", `{}`, []string{"Authorization: Basic eA=="}, 401, "token_missing", ""},
		{"bad token", "POST", "/v1/matches", "/v1/tickets", "x.y.z", `{}`, nil, 401, "token_malformed", ""},
		{"join token", "POST", "/v1/matches", "/v1/tickets", h.joinToken(), `{}`, nil, 403, "join_token", ""},
		{"ends early", "POST", "/v1/matches", "/v1/tickets", good, `{"game":`, nil, 400, "bad_json", ""},
		{"NaN", "POST", "/v1/matches", "/v1/tickets", good, `{"game":NaN}`, nil, 400, "bad_json", ""},
		{"array", "POST", "/v1/matches", "/v1/tickets", good, `[]`, nil, 400, "bad_json", ""},
		{"null", "POST", "/v1/matches", "/v1/tickets", good, `null`, nil, 400, "bad_json", ""},
		{"two objects", "POST", "/v1/matches", "/v1/tickets", good, `{} {}`, nil, 400, "bad_json", ""},
		{"unknown field", "POST", "/v1/matches", "/v1/tickets", good, `{"gaem":"arena"}`, nil, 400, "bad_json", "gaem"},
		{"wrong kind", "POST", "/v1/play", "/v1/parties", good, `{"player":5}`, nil, 400, "bad_json", "player"},
		{"array in a field", "POST", "/v1/play", "/v1/parties", good, `{"name":["x"]}`, nil, 400, "bad_json", "name"},
		{"too large", "POST", "/v1/matches", "/v1/tickets", good, tooLarge, nil, 413, "body_too_large", ""},
		{"another media type, bad field", "POST", "/v1/matches", "/v1/tickets", good, `{"gaem":"arena"}`, xml, 400, "bad_json", "gaem"},
		{"another media type, no JSON", "POST", "/v1/matches", "/v1/tickets", good, `<game/>`, xml, 400, "bad_json", ""},
		{"for another player", "POST", "/v1/play", "/v1/parties", good, `{"player":"bob"}`, nil, 403, "service_only", ""},
		{"service without player", "POST", "/v1/play", "/v1/parties", h.shop, `{}`, nil, 400, "bad_json", "player"},
		{"wrong method", "PUT", "/v1/matches/{id}", "/v1/tickets/{id}", good, ``, nil, 405, "method_not_allowed", ""},
		{"wrong method, document", "POST", "/v1/games", "/v1/openapi.json", good, ``, nil, 405, "method_not_allowed", ""},
		{"unknown path", "GET", "/nothing", "/v1/nothing", good, ``, nil, 404, "no_such_path", ""},
		{"bad event id", "GET", "/v1/matches/events", "/v1/tickets/{id}/events", h.shop, ``, []string{"Last-Event-ID: x"}, 400, "bad_query", "Last-Event-ID"},
	} {
		ticket := ""
		if strings.Contains(c.second, "{id}") {
			ticket = h.do(h.s, 201, call{method: "POST", path: "/v1/tickets", token: h.player("cat"), body: `{"queue":"slow"}`}).str("id")
		}
		first := h.refusal(call{method: c.method, path: c.first, id: "nowhere", token: c.token, body: c.body, header: c.header})
		second := h.refusal(call{method: c.method, path: c.second, id: ticket, token: c.token, body: c.body, header: c.header})
		if ticket != "" {
			h.do(h.s, 200, call{method: "DELETE", path: "/v1/tickets/{id}", id: ticket, token: h.player("cat")})
		}
		want := refusedRequest{status: c.status, code: c.code, where: c.where, title: h.titleOf(c.code), media: "application/problem+json"}
		if c.status == 401 {
			want.challenge = `Bearer realm="arbiter"`
		}
		if first != want || second != want {
			t.Errorf("%s:\n  server      %+v\n  matchmaking %+v\n  want        %+v", c.name, first, second, want)
		}
	}
}

// refusedRequest is what must be the same in both answers.
type refusedRequest struct {
	status                               int
	code, title, where, media, challenge string
}

func (h *apiHouse) refusal(c call) refusedRequest {
	h.t.Helper()
	answer := h.send(h.s, c)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	var doc struct {
		Title, Code, Detail string
		Errors              []struct{ Where string }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		h.t.Fatalf("%s %s: %d %s", c.method, c.path, answer.StatusCode, text)
	}
	for _, word := range []string{"Go ", "struct", "interface", "map[", "cannot unmarshal", "json:"} {
		if strings.Contains(doc.Detail, word) {
			h.t.Errorf("%s %s tells Go's words: %s", c.method, c.path, text)
		}
	}
	r := refusedRequest{answer.StatusCode, doc.Code, doc.Title, "", answer.Header.Get("Content-Type"), answer.Header.Get("WWW-Authenticate")}
	if len(doc.Errors) == 1 {
		r.where = doc.Errors[0].Where
	}
	return r
}

// titleOf is the title that GET /v1/problems has for a code.
func (h *apiHouse) titleOf(code string) string {
	h.t.Helper()
	return h.do(h.s, 200, call{method: "GET", path: "/v1/problems/{code}", id: code}).str("title")
}
