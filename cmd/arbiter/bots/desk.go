package bots

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// desk is the server's HTTP side.
type desk struct {
	base   *url.URL // http or https
	client *http.Client
	token  string // who asks; empty: nobody
}

// as is the same desk, asked by somebody.
func (d *desk) as(token string) *desk { return &desk{d.base, d.client, token} }

const deskTimeout = 5 * time.Second

// newDesk finds the HTTP side of a server whose WebSockets are at a URL.
func newDesk(ws *url.URL) *desk {
	base := *ws
	base.Scheme = strings.Replace(ws.Scheme, "ws", "http", 1)
	base.Path, base.RawQuery = "/", ""
	// Few connections serve all requests: the server counts them per address.
	return &desk{base: &base, client: &http.Client{Timeout: deskTimeout, Transport: &http.Transport{MaxConnsPerHost: 2}}}
}

func (d *desk) close() { d.client.CloseIdleConnections() }

// hostedGame is what the server says of a game it hosts.
type hostedGame struct {
	Name         string `json:"name"`
	TickRate     int    `json:"tick_rate"`
	SnapshotRate int    `json:"snapshot_rate"`
}

// game returns what the server says of a game, or that it does not host it.
func (d *desk) game(ctx context.Context, name string) (hostedGame, error) {
	var answer struct{ Games []hostedGame }
	if err := d.ask(ctx, http.MethodGet, "v1/games", nil, &answer); err != nil {
		return hostedGame{}, err
	}
	var names []string
	for _, g := range answer.Games {
		if g.Name == name {
			return g, nil
		}
		names = append(names, g.Name)
	}
	return hostedGame{}, fmt.Errorf("bots: %s hosts no game %q: use one of %s", d.base.Host, name, strings.Join(names, ", "))
}

// gameOf is the game of a match, or arena if there is none or it is not told.
func (d *desk) gameOf(ctx context.Context, match string) string {
	var m struct{ Game string }
	if match == "" || d.ask(ctx, http.MethodGet, "v1/matches/"+url.PathEscape(match), nil, &m) != nil || m.Game == "" {
		return "arena"
	}
	return m.Game
}

// guest gets a token for somebody new.
func (d *desk) guest(ctx context.Context, name string) (string, error) {
	body, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return "", err
	}
	var answer struct{ Token string }
	err = d.ask(ctx, http.MethodPost, "v1/guest", body, &answer)
	var refused *refusal
	if errors.As(err, &refused) && (refused.status == http.StatusForbidden || refused.status == http.StatusNotFound) {
		return "", fmt.Errorf("bots: %s gives no guest tokens, it was given keys: mint a token with one of them (arbiter token) and pass it with --token", d.base.Host)
	}
	return answer.Token, err
}

// refusal is an answer that says no.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.message) }

// ask makes one request, and reads the JSON of its answer into v.
func (d *desk) ask(ctx context.Context, method, path string, body []byte, v any) error {
	path, query, _ := strings.Cut(path, "?")
	at := d.base.JoinPath(path)
	at.RawQuery = query
	r, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("bots: %w", err)
	}
	if d.token != "" {
		r.Header.Set("Authorization", "Bearer "+d.token)
	}
	answer, err := d.client.Do(r)
	if err != nil {
		return fmt.Errorf("bots: no server answers: %w: start one with arbiter serve, or give its address with --url", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("bots: %s: %w", at, err)
	}
	if answer.StatusCode >= 300 {
		var no struct{ Detail string }
		if json.Unmarshal(text, &no) != nil || no.Detail == "" {
			no.Detail = "no reason was given; is this an Arbiter server?"
		}
		return fmt.Errorf("bots: %s: %w", at, &refusal{answer.StatusCode, no.Detail})
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("bots: %s does not answer as an Arbiter server: %w", at, err)
	}
	return nil
}
