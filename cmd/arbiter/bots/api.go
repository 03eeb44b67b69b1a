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
	"slices"
	"strings"
	"time"

	"arbiter/game"
)

// api is a client of the server's HTTP API. Safe for concurrent use.
type api struct {
	base   *url.URL // http or https
	client *http.Client
	token  string // of the player who asks; empty: nobody
}

// as is the same API, used by the player of a token.
func (a *api) as(token string) *api { return &api{a.base, a.client, token} }

const apiTimeout = 5 * time.Second

// newAPI returns the API of the server whose WebSockets are at a URL.
func newAPI(ws *url.URL) *api {
	base := *ws
	base.Scheme = strings.Replace(ws.Scheme, "ws", "http", 1)
	base.Path, base.RawQuery = "/", ""
	// Few connections serve all requests: the server counts them per address.
	return &api{base: &base, client: &http.Client{Timeout: apiTimeout, Transport: &http.Transport{MaxConnsPerHost: 2}}}
}

func (a *api) close() { a.client.CloseIdleConnections() }

// hostedGame is what the server says of a game it hosts.
type hostedGame struct {
	Name         string `json:"name"`
	TickRate     int    `json:"tick_rate"`
	SnapshotRate int    `json:"snapshot_rate"`
}

// game returns what the server says of a game. Without a name it is the first of
// those that are preferred and hosted, or the first that is hosted.
func (a *api) game(ctx context.Context, name string, preferred []game.Definition) (hostedGame, error) {
	var answer struct{ Games []hostedGame }
	if err := a.call(ctx, http.MethodGet, "v1/games", nil, &answer); err != nil {
		return hostedGame{}, err
	}
	var names []string
	for _, g := range answer.Games {
		names = append(names, g.Name)
	}
	if name == "" && len(names) > 0 {
		name = names[0]
		for _, d := range slices.Backward(preferred) {
			if slices.Contains(names, d.Name()) {
				name = d.Name()
			}
		}
	}
	if i := slices.Index(names, name); i >= 0 {
		return answer.Games[i], nil
	}
	return hostedGame{}, fmt.Errorf("bots: %s hosts no game %q: use one of %s", a.base.Host, name, strings.Join(names, ", "))
}

// gameOf is the game of a match, empty if there is none or the server does not
// say.
func (a *api) gameOf(ctx context.Context, match string) string {
	var m struct{ Game string }
	if match == "" || a.call(ctx, http.MethodGet, "v1/matches/"+url.PathEscape(match), nil, &m) != nil {
		return ""
	}
	return m.Game
}

// guest gets a token for a new guest.
func (a *api) guest(ctx context.Context, name string) (string, error) {
	body, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return "", err
	}
	var answer struct{ Token string }
	err = a.call(ctx, http.MethodPost, "v1/guest", body, &answer)
	var refused *refusal
	if errors.As(err, &refused) && (refused.status == http.StatusForbidden || refused.status == http.StatusNotFound) {
		return "", fmt.Errorf("bots: %s gives no guest tokens, it was given keys: mint a token with one of them (arbiter token) and pass it with --token", a.base.Host)
	}
	return answer.Token, err
}

// refusal is an answer with an error status.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.message) }

// call makes one request, and reads the JSON of its answer into v.
func (a *api) call(ctx context.Context, method, path string, body []byte, v any) error {
	path, query, _ := strings.Cut(path, "?")
	at := a.base.JoinPath(path)
	at.RawQuery = query
	r, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("bots: %w", err)
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	answer, err := a.client.Do(r)
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
