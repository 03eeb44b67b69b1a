package transport

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

type eventKind uint8

const (
	evMore    eventKind = iota // everything was taken, no event yet
	evMessage                  // payload is a complete message
	evPing                     // payload is to be echoed
	evPong
	evClose // code and payload (the reason) of a valid close frame
	evFail  // the stream is broken: close with code and reason, parse no further
)

type event struct {
	kind    eventKind
	text    bool   // evMessage: it came as text, and is UTF-8
	frames  uint8  // frames that the event completes
	code    uint16 // evClose, evFail
	reason  string // evFail, constant text
	payload []byte // valid until the next call of next
}

// frameRules are the parser's limits, shared by all connections.
type frameRules struct {
	messageBytes int
	fragments    int
	text         bool // text messages are taken too
	pool         *pool
}

// parser turns the bytes of one client into events. It is pure: it knows no
// clock and no socket, and its events do not depend on how the bytes were
// split. A message that lies whole in the input is unmasked and returned in
// place; otherwise its beginning is kept in a buffer from the pool.
type parser struct {
	// What every frame needs, within 64 bytes, a line of the processor's cache.
	rules     *frameRules
	message   []byte // payload of the unfinished message, from the pool
	pos       int    // payload bytes of this frame already taken
	left      int    // payload bytes of this frame to come
	fragments int32  // frames of the open message, 0 if none is open
	mask      [4]byte
	have      uint8 // bytes in head
	body      bool  // inside a frame's payload
	fin       bool
	op        ws.OpCode
	text      bool // the open message is text
	owes      bool // spent holds a buffer

	head    [14]byte // header bytes that came before the rest of the header
	runes   runes    // of the open message's text
	control []byte   // payload of the unfinished control frame, from the pool
	spent   []byte   // buffer of the last event, released by the next call
}

// midway reports whether a frame or message has begun and is not complete.
func (p *parser) midway() bool { return p.have > 0 || p.body || p.fragments > 0 }

// next takes bytes from the front of b, which it may modify, until one event
// is complete. It returns evMore only when all of b was taken.
func (p *parser) next(b []byte) (ev event, n int) {
	if p.owes {
		p.rules.pool.put(p.spent)
		p.spent, p.owes = nil, false
	}
	for {
		if !p.body {
			k, fail := p.header(b[n:])
			n += k
			if fail.kind == evFail || !p.body {
				return fail, n
			}
		}
		chunk := b[n : n+min(len(b)-n, p.left)]
		n += len(chunk)
		ws.Cipher(chunk, p.mask, p.pos)
		p.pos += len(chunk)
		p.left -= len(chunk)

		kept := &p.message
		if p.op.IsControl() {
			kept = &p.control
		} else if p.text && !p.runes.add(chunk, p.fin && p.left == 0) {
			return fail(CodeInvalidText, "text message is not utf-8"), n
		}
		if p.left > 0 || !p.fin {
			*kept = p.rules.pool.add(*kept, chunk)
			if p.left > 0 {
				return event{}, n
			}
			p.body = false
			continue
		}
		p.body = false
		payload := chunk
		if *kept != nil {
			payload = p.rules.pool.add(*kept, chunk)
			p.spent, p.owes, *kept = payload, true, nil
		}
		return p.complete(payload), n
	}
}

// complete makes the event of the frame that just ended.
func (p *parser) complete(payload []byte) event {
	switch p.op {
	case ws.OpPing:
		return event{kind: evPing, frames: 1, payload: payload}
	case ws.OpPong:
		return event{kind: evPong, frames: 1, payload: payload}
	case ws.OpClose:
		return closeEvent(payload)
	default:
		ev := event{kind: evMessage, text: p.text, frames: uint8(min(p.fragments, 255)), payload: payload}
		p.fragments = 0
		return ev
	}
}

func closeEvent(payload []byte) event {
	switch {
	case len(payload) == 0:
		return event{kind: evClose, frames: 1, code: CodeNoStatus}
	case len(payload) == 1:
		return fail(CodeProtocol, "close frame with one byte of payload")
	}
	code := binary.BigEndian.Uint16(payload)
	switch {
	case !validCloseCode(code):
		return fail(CodeProtocol, "close frame with a reserved code")
	case !utf8.Valid(payload[2:]):
		return fail(CodeInvalidText, "close reason is not utf-8")
	}
	return event{kind: evClose, frames: 1, code: code, payload: payload[2:]}
}

func fail(code uint16, reason string) event {
	return event{kind: evFail, code: code, reason: reason}
}

// release gives every buffer back. The parser is not to be used again.
func (p *parser) release() {
	for _, b := range [...]*[]byte{&p.spent, &p.message, &p.control} {
		p.rules.pool.put(*b)
		*b = nil
	}
}
