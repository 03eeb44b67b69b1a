package bots

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"arbiter/game"
	"arbiter/netcode/client/apiclient"
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

// newAPI returns the API at a base address. Nil means TLS's defaults.
func newAPI(base *url.URL, secure *tls.Config) *api {
	// Few connections serve all requests: the server counts them per address.
	return &api{base: base, client: &http.Client{Timeout: apiTimeout, Transport: &http.Transport{MaxConnsPerHost: 2, TLSClientConfig: secure}}}
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
	var answer struct{ Token string }
	err := a.call(ctx, http.MethodPost, "v1/guest", map[string]string{"name": name}, &answer)
	var refused *apiclient.Problem
	if errors.As(err, &refused) && (refused.Status == http.StatusForbidden || refused.Status == http.StatusNotFound) {
		return "", fmt.Errorf("bots: %s gives no guest tokens, it was given keys: mint a token with one of them (arbiter token) and pass it with --token", a.base.Host)
	}
	return answer.Token, err
}

// call makes one request, and reads the JSON of its answer into v.
func (a *api) call(ctx context.Context, method, path string, body, v any) error {
	path, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("bots: %w", err)
	}
	c := apiclient.Client{Base: a.base, HTTP: a.client, Token: a.token}
	err = c.Do(ctx, apiclient.Request{Method: method, Path: path, Query: values, Body: body}, v)
	switch {
	case errors.Is(err, apiclient.ErrUnreachable):
		return fmt.Errorf("bots: %w: start one with arbiter serve, or give its address with --url", err)
	case errors.Is(err, apiclient.ErrAnswer):
		return fmt.Errorf("bots: %s does not answer as an Arbiter server: %w", a.base.JoinPath(path), err)
	case err != nil:
		return fmt.Errorf("bots: %s: %w", a.base.JoinPath(path), err)
	}
	return nil
}
