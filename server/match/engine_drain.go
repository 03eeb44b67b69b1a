package match

import (
	"context"

	"arbiter/netcode"
)

// Drain refuses new matches, and players who have no slot in a running one.
func (e *Engine) Drain() { e.lobby.drain() }

// Stop ends all matches and closes their sessions with a code.
func (e *Engine) Stop(code netcode.Code) { e.lobby.stop(code) }

// Wait waits until no match is left. Its error names those that did not end
// before ctx did.
func (e *Engine) Wait(ctx context.Context) error { return e.lobby.wait(ctx) }

// Close waits for the worker pool to end. No match may be left.
func (e *Engine) Close() error { return e.output.close() }
