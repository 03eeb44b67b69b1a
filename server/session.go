package server

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/netcode"
	"arbiter/server/transport"
)

// session is one live connection. It parses what comes on the transport's
// loop and puts it into its match's inbox; see the headings for who owns what.
//
// What is needed at every message and tick comes first, and is no longer than
// two lines of the processor's cache.
type session struct {
	// Owned by the match's loop.
	seat *seat // nil for a spectator, and before the hello was read
	feed *feed // nil before the hello was read and after the session ended

	// Static.
	core *core
	conn conn

	// Guarded by the inbox's mu.
	postRound uint32
	postCount uint32

	// Safe for concurrent use.
	match   atomic.Pointer[match] // nil before the hello; set by the transport's loop
	closing atomic.Bool           // a goodbye was said

	spectate bool // static: as allowed says

	// Owned by the transport's loop.
	reader netcode.InputReader

	allowed *admission // static

	renewedAt time.Duration // of the match, when a new token was last looked at; owned by the transport's loop

	// Guarded by the session index's mu.
	next    *session // of the same player
	tokenID string   // of the newest token

	// Safe for concurrent use.
	evicted      atomic.Bool  // by operators: the seat is not kept
	tokenExpires atomic.Int64 // when the newest token does, ns of Unix time
}

var (
	errNoHello   = errors.New("server: a message before the hello")
	errTwoHellos = errors.New("server: a second hello")
	errNotSeated = errors.New("server: inputs or a command from a spectator")
	errKind      = errors.New("server: a kind of message that clients don't send")
)

// parsed are inputs between a message and the inbox.
var parsed = sync.Pool{New: func() any { return new(netcode.Inputs) }}

func newSession(core *core, c conn, a *admission) *session {
	s := &session{core: core, conn: c, allowed: a, spectate: a.spectate, tokenID: a.claims.ID}
	s.tokenExpires.Store(a.claims.Expiry.UnixNano())
	core.sessions.add(s)
	if core.revoked.Refuses(time.Now(), a.claims.Subject, a.claims.ID) { // since the upgrade
		s.close(netcode.CodeRevoked, "")
	}
	return s
}

// debug logs with what identifies the session. Building those attributes for
// every connection in advance would be most of an idle session's memory.
func (s *session) debug(text string, args ...any) {
	if s.core.log.Enabled(context.Background(), slog.LevelDebug) {
		s.core.log.With("remote", s.conn.RemoteAddr().String(), "subject", s.allowed.claims.Subject).Debug(text, args...)
	}
}

// close says why and closes the connection. Safe for concurrent use; only the
// first call counts.
func (s *session) close(code netcode.Code, reason string) {
	if s.closing.Swap(true) {
		return
	}
	s.core.metrics.countClose(code)
	s.debug("session closed", "code", int(code), "reason", code.String())
	closeWithBye(s.conn, code, reason)
}

// Message implements [transport.Receiver].
func (s *session) Message(payload []byte) {
	kind := netcode.KindOf(payload)
	s.core.metrics.countReceived(kind, len(payload))
	if s.closing.Load() {
		return
	}
	if err := s.dispatchMessage(kind, payload); err != nil {
		s.core.metrics.malformed.Add(1)
		s.debug("malformed message", "kind", kind.String(), "bytes", len(payload), "error", err)
		s.close(netcode.CodeMalformed, "")
	}
}

func (s *session) dispatchMessage(kind netcode.Kind, payload []byte) error {
	if s.match.Load() == nil {
		if kind != netcode.KindHello {
			return errNoHello
		}
		return s.placeByHello(payload)
	}
	switch kind {
	case netcode.KindInputs:
		if s.spectate {
			return errNotSeated
		}
		in := parsed.Get().(*netcode.Inputs)
		defer parsed.Put(in)
		if err := s.reader.Parse(payload, in); err != nil {
			return err
		}
		s.post(envelope{kind: envelopeInputs, ack: in.Ack, acked: in.Acked}, in.Entries)
	case netcode.KindAck:
		ack, err := netcode.ParseAck(payload)
		if err != nil {
			return err
		}
		s.post(envelope{kind: envelopeAck, ack: ack.Tick, acked: true}, nil)
	case netcode.KindCommand:
		if s.spectate {
			return errNotSeated
		}
		command, err := s.reader.ParseCommand(payload)
		if err != nil {
			return err
		}
		s.post(envelope{kind: envelopeCommand, payload: &envelopePayload{command: command}}, nil)
	case netcode.KindPing:
		ping, err := netcode.ParsePing(payload)
		if err != nil {
			return err
		}
		s.sendPong(ping)
	case netcode.KindRenew:
		return s.renewToken(payload)
	case netcode.KindHello:
		return errTwoHellos
	default:
		return errKind
	}
	return nil
}

// sendPong sends a pong at once: a client measures the way with it, and the
// match's loop would add up to a tick.
func (s *session) sendPong(p netcode.Ping) {
	m := s.match.Load()
	tick, since := m.clock.read(m.now())
	room := scratch.Get().(*[]byte)
	defer scratch.Put(room)
	*room = netcode.Pong{ClientTime: p.ClientTime, Tick: tick, SinceTick: since}.Append((*room)[:frameRoom])
	if s.conn.Send(framed(*room)) == nil {
		s.core.metrics.countSent(netcode.KindPong, len(*room)-frameRoom)
	}
}

// placeByHello finds the session a match, which goes on with the welcome.
func (s *session) placeByHello(payload []byte) error {
	h, err := netcode.ParseHello(payload)
	if err != nil {
		return err
	}
	if h.Version != netcode.Version {
		s.close(netcode.CodeVersion, "")
		return nil
	}
	resuming := h.Resume != netcode.ResumeID{}
	for {
		m, code := s.core.lobby.placeSession(s.allowed, resuming)
		if code != admitted {
			s.close(code, "")
			return nil
		}
		s.match.Store(m)
		s.reader = netcode.NewInputReader(m.game.layout)
		e := envelope{kind: envelopeHello, payload: &envelopePayload{hello: h}, from: s, at: m.now()}
		if m.inbox.post(e, nil) != postedClosed {
			return nil
		}
		// It ended just now. Its roster is closed, so the lobby finds another or
		// says why not; to those who resume it does not.
		s.match.Store(nil)
		if resuming {
			s.close(m.roster.closedBy(), "")
			return nil
		}
	}
}

// post puts an envelope into the match's inbox.
func (s *session) post(e envelope, entries []netcode.Entry) {
	m := s.match.Load()
	e.from, e.at = s, m.now()
	switch m.inbox.post(e, entries) {
	case postedFull:
		s.close(netcode.CodeRate, "")
	case postedClosed: // the match ends just now, and is about to say so itself
		s.close(m.roster.closedBy(), "")
	}
}

// Closed implements [transport.Receiver].
func (s *session) Closed(err error) {
	s.debug("connection ended", "error", err)
	s.core.sessions.remove(s)
	if m := s.match.Load(); m != nil {
		var ce *transport.CloseError
		left := errors.As(err, &ce) && ce.Remote && ce.Code == uint16(netcode.CodeNormal) || s.evicted.Load()
		m.inbox.post(envelope{kind: envelopeGone, from: s, at: m.now(), left: left}, nil)
	}
}
