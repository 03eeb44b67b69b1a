package match

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/netcode"
)

// Session is one live connection. It parses what comes, on the transport's loop,
// and puts it into its match's inbox; see the headings for who owns what. The
// transport calls Message and Closed, one at a time.
//
// What is needed at every message and tick comes first, and is no longer than
// two lines of the processor's cache.
type Session struct {
	// Owned by the match loop.
	seat *seat // nil for a spectator, and before the hello was read
	feed *feed // nil before the hello was read and after the session ended

	// Static.
	engine *Engine
	conn   Conn

	// Guarded by the inbox's mu.
	postRound uint32
	postCount uint32

	// Safe for concurrent use.
	match   atomic.Pointer[Match] // nil before the hello; set by the transport's loop
	closing atomic.Bool           // close was called

	// Static.
	spectate bool // as admission says

	// Owned by the transport's loop.
	reader netcode.InputReader

	// Owned by the transport's loop until the hello is posted, then by the match loop.
	pass pass

	// Static.
	admission *Admission

	// Owned by the transport's loop.
	renewedAt time.Duration // of the match, when a new token was last looked at

	// Guarded by the session index's mu.
	next    *Session       // of the same player
	tokenID string         // of the first token; empty: it has no id
	renewed []sessionToken // of those after it that have an id, at most maxRenewed

	// Safe for concurrent use.
	evicted      atomic.Bool  // by operators: the seat is not kept
	tokenExpires atomic.Int64 // when the newest token does, ns of Unix time
}

var (
	errNoHello   = errors.New("match: a message before the hello")
	errTwoHellos = errors.New("match: a second hello")
	errNotSeated = errors.New("match: inputs or a command from a spectator")
	errKind      = errors.New("match: a kind of message that clients don't send")
)

// parsed pools the inputs of a message on their way to the inbox.
var parsed = sync.Pool{New: func() any { return new(netcode.Inputs) }}

// Open begins the session of a connection, which is closed at once if its token was
// revoked meanwhile. The connection's messages and its end go to the session.
func (e *Engine) Open(c Conn, a *Admission) *Session {
	s := &Session{engine: e, conn: c, admission: a, spectate: a.Spectate, tokenID: a.Claims.ID}
	s.tokenExpires.Store(unixNano(a.Claims.Expiry))
	e.sessions.add(s)
	if e.config.Tokens.Revoked(a.Claims.Subject, a.Claims.ID) { // since the upgrade
		s.close(netcode.CodeRevoked, "")
	}
	return s
}

// debug logs with what identifies the session. Building those attributes for
// every connection in advance would be most of an idle session's memory.
func (s *Session) debug(text string, args ...any) {
	if s.engine.log.Enabled(context.Background(), slog.LevelDebug) {
		s.engine.log.With("remote", s.conn.RemoteAddr().String(), "subject", s.admission.Claims.Subject).Debug(text, args...)
	}
}

// close says why and closes the connection. Safe for concurrent use; only the
// first call counts.
func (s *Session) close(code netcode.Code, reason string) {
	if s.closing.Swap(true) {
		return
	}
	s.engine.metrics.countClose(code)
	s.debug("session closed", "code", int(code), "reason", code.String())
	closeWithBye(s.conn, code, reason)
}

// Message takes one message from the client. The payload is the caller's again
// when Message returns.
func (s *Session) Message(payload []byte) {
	kind := netcode.KindOf(payload)
	s.engine.metrics.countReceived(kind, len(payload))
	if s.closing.Load() {
		return
	}
	if err := s.routeMessage(kind, payload); err != nil {
		s.engine.metrics.malformed.Add(1)
		s.debug("malformed message", "kind", kind.String(), "bytes", len(payload), "error", err)
		s.close(netcode.CodeMalformed, "")
	}
}

// routeMessage parses a message by its kind. An error means that the client sent
// what it must not.
func (s *Session) routeMessage(kind netcode.Kind, payload []byte) error {
	if s.match.Load() == nil {
		if kind != netcode.KindHello {
			return errNoHello
		}
		return s.joinMatch(payload)
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

// sendPong answers a ping at once: a client measures the round trip with it, and
// the match loop would add up to a tick.
func (s *Session) sendPong(p netcode.Ping) {
	m := s.match.Load()
	tick, since := m.clock.read(m.now())
	room := scratch.Get().(*[]byte)
	defer scratch.Put(room)
	*room = netcode.Pong{ClientTime: p.ClientTime, Tick: tick, SinceTick: since}.Append((*room)[:HeaderRoom])
	if s.conn.SendPayload(*room) == nil {
		s.engine.metrics.countSent(netcode.KindPong, len(*room)-HeaderRoom)
	}
}

// joinMatch has the lobby place the session in a match, and posts the hello there.
// The match goes on with the welcome.
func (s *Session) joinMatch(payload []byte) error {
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
		to := s.engine.lobby.placeSession(s.admission, resuming)
		if to.code != admitted {
			s.close(to.code, to.reason)
			return nil
		}
		m := to.match
		s.pass = to.pass
		s.match.Store(m)
		s.reader = netcode.NewInputReader(m.game.layout)
		e := envelope{kind: envelopeHello, payload: &envelopePayload{hello: h}, from: s, at: m.now()}
		if m.inbox.post(e, nil) != postedClosed {
			return nil
		}
		// The match ended just now. Its roster is closed, so the lobby finds
		// another one or says why not; but who resumes wants this one. What was
		// taken in the roster ended with the match.
		s.match.Store(nil)
		if resuming {
			s.close(m.roster.closedBy(), "")
			return nil
		}
	}
}

// post puts an envelope into the match's inbox.
func (s *Session) post(e envelope, entries []netcode.Entry) {
	m := s.match.Load()
	e.from, e.at = s, m.now()
	switch m.inbox.post(e, entries) {
	case postedFull:
		s.close(netcode.CodeRate, "")
	case postedClosed: // the match ends just now, and is about to say so itself
		s.close(m.roster.closedBy(), "")
	}
}

// Closed is called once, when the connection has ended, with the reason. A player
// whose client closed with code 1000 gives up their seat.
func (s *Session) Closed(err error) {
	s.debug("connection ended", "error", err)
	s.engine.sessions.remove(s)
	if m := s.match.Load(); m != nil {
		left := closedByPeer(err) == netcode.CodeNormal || s.evicted.Load()
		m.inbox.post(envelope{kind: envelopeGone, from: s, at: m.now(), left: left}, nil)
	}
}
