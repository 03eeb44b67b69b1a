package matchmake

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"arbiter/netcode/client/apiclient"
)

// Config says which match to find, and for whom. Zero values mean the defaults.
type Config struct {
	// URL of the server: http, https, ws or wss. A path is the prefix below which a
	// proxy has the server.
	URL string
	// Token proves who the player is. Empty: the server is asked for a guest's,
	// for Name.
	Token string
	// GetToken is called for the token instead, at first and whenever the one
	// before is refused. It has to be of the same player.
	GetToken func(ctx context.Context) (string, error)
	// Name is what other players see of a guest.
	Name string

	// Queue to wait in. Required, except by those who join a party.
	Queue string
	// Attributes that the queue's rules declare: numbers, strings, []string,
	// and map[string]float64 of region to milliseconds.
	Attributes map[string]any
	// Match is an open match to join, by its id; empty: any, or a new one.
	Match string
	// Replace cancels the player's other ticket, if there is one, left by a
	// program that ended before it could. Without it Find then fails with a
	// Problem of CodeAlreadyQueued.
	Replace bool

	// Accept is called when a match is found in a queue that asks its players to
	// accept. It may wait for the player; its context ends with the proposal. Nil
	// accepts.
	Accept func(ctx context.Context, t Ticket) bool
	// OnStatus is called at each change.
	OnStatus func(Status)
	// ExplainEvery is how often the server is asked why the ticket still
	// waits, in Status.Explanation. 0: never. Less than a second means one.
	ExplainEvery time.Duration

	// HTTP makes the requests; nil means http.DefaultClient. A Timeout of less
	// than 40 s would cut long polls short.
	HTTP *http.Client
}

// Phase is what a search for a match is doing.
type Phase string

// The phases.
const (
	Queueing    Phase = "queueing"    // asking for a ticket
	Waiting     Phase = "waiting"     // in the queue
	Asked       Phase = "asked"       // a match is found; its players are asked to accept
	Found       Phase = "found"       // there is a seat
	Interrupted Phase = "interrupted" // the server can't be reached or is busy; trying again
)

// Status is a phase and what is known in it.
type Status struct {
	Phase  Phase
	Ticket Ticket // as the server last described it; zero before there is one
	// Explanation is why the ticket waits, as the server last said; nil if it was
	// not asked.
	Explanation *Explanation
	// Err and RetryIn come with Interrupted: why, and when the next attempt is.
	Err     error
	RetryIn time.Duration
}

// Limits of a search.
const (
	pollWait      = 25 * time.Second // less than proxies cut silent requests after
	answerTime    = 10 * time.Second // for an answer, beyond the wait
	cancelTimeout = 3 * time.Second  // to cancel the ticket
	minBackoff    = 250 * time.Millisecond
	maxBackoff    = 10 * time.Second
	maxRequeues   = 10 // in a row without having waited a minute: something is broken
)

// fill checks the config and returns the base of the server's paths.
func (c *Config) fill() (*url.URL, error) {
	at, err := apiclient.ParseAddress(c.URL)
	if err != nil {
		return nil, fmt.Errorf("matchmake: URL %q: %w", c.URL, err)
	}
	if c.HTTP == nil {
		c.HTTP = http.DefaultClient
	}
	if c.ExplainEvery > 0 {
		c.ExplainEvery = max(c.ExplainEvery, time.Second)
	}
	return at.API, nil
}
