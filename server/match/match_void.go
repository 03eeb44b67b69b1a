package match

import (
	"time"

	"arbiter/netcode"
)

// maxVoid bounds the resume ids whose end a match remembers; beyond, the earliest
// is forgotten.
const maxVoid = 256

// voidResume is a resume id that no longer takes its seat up, and why.
type voidResume struct {
	subject string
	id      netcode.ResumeID
	why     netcode.Code
	at      time.Duration // since the match began
}

// rememberVoid remembers why the seat's resume id does not serve any more, for as
// long as the resume window: a client that comes back with it then gives up instead
// of joining anew, which would undo a kick or take the seat from another device.
func (m *Match) rememberVoid(s *seat, why netcode.Code) {
	if len(m.void) == maxVoid {
		m.void = append(m.void[:0], m.void[1:]...)
	}
	m.void = append(m.void, voidResume{s.subject, s.resume, why, m.now()})
}

// resumeRefusal is why a resume id does not take a seat up. seat is the player's, or
// nil: if they have one, another of their clients does.
func (m *Match) resumeRefusal(seat *seat, id netcode.ResumeID, subject string) netcode.Code {
	now := m.now()
	for i := len(m.void) - 1; i >= 0 && now-m.void[i].at <= m.resumeWindow(); i-- {
		if v := &m.void[i]; v.subject == subject && v.id == id {
			return v.why
		}
	}
	if seat != nil && seat.session != nil {
		return netcode.CodeReplaced
	}
	return netcode.CodeSeatLapsed
}
