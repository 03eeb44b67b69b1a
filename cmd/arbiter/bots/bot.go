package bots

import (
	"errors"
	"sync/atomic"

	"arbiter/netcode"
	"arbiter/netcode/client"
	"arbiter/netcode/client/core"
	"arbiter/netcode/client/matchmake"
)

// bot is one client that plays. Its decisions run on the client's goroutine.
type bot struct {
	client interface {
		Do(func())
		Seat() *core.Seat
		Status() client.Status
		Stats() core.Stats
		Done() <-chan struct{}
		Err() error
		Close() error
	}
	seat      *matchmake.Seat // from matchmaking; nil: it joined a match by itself
	stopping  atomic.Bool     // it is to do nothing from now on
	idleTicks atomic.Int32    // since it does nothing

	acknowledged bool   // everything it did
	checks       uint64 // hash checks that had come until then
	commands     uint64 // made; owned by the client's goroutine
	finished     bool   // the match, before the bot did
}

// isDone reports whether everything the bot did is acknowledged, and the
// server's account of it was compared after that. idleBeforeEnd is enough for
// its last input, that of doing nothing, to get its number.
func (b *bot) isDone() bool {
	if b.idleTicks.Load() < idleBeforeEnd {
		return false
	}
	pending, checks := 0, uint64(0)
	b.client.Do(func() {
		pending, checks = b.client.Seat().Inputs().Pending(), b.client.Seat().Stats().HashChecks
	})
	if !b.acknowledged && pending == 0 {
		b.acknowledged, b.checks = true, checks
	}
	return b.acknowledged && checks > b.checks
}

const idleBeforeEnd = 3 // ticks

// pending is the number of inputs that are not acknowledged.
func (b *bot) pending() (n int) {
	b.client.Do(func() { n = b.client.Seat().Inputs().Pending() })
	return n
}

var errNone = errors.New("no error")

// over reports whether the client ended by itself, and why, unless that is as
// it should be.
func (b *bot) over() (bool, error) {
	select {
	case <-b.client.Done():
	default:
		return false, nil
	}
	err := b.client.Err()
	var closed *client.CloseError
	if errors.As(err, &closed) && closed.Code == netcode.CodeMatchFinished {
		err = nil
	}
	return true, err
}
