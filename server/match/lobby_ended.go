package match

import (
	"sync"
	"time"

	"arbiter/netcode"
)

// maxEnded bounds the matches whose end is remembered; beyond, the earliest is
// forgotten.
const maxEnded = 4096

// endedMatches remembers why matches ended, for players who were away then and come
// back for their seats within the resume window. Safe for concurrent use.
type endedMatches struct {
	// Static.
	keep time.Duration

	mu   sync.Mutex
	list []endedMatch // guarded by mu: in order of their ends
}

type endedMatch struct {
	id     string
	code   netcode.Code
	reason string
	at     time.Time
}

func (e *endedMatches) add(id string, code netcode.Code, reason string) {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	gone := 0
	for gone < len(e.list) && (now.Sub(e.list[gone].at) > e.keep || len(e.list)-gone >= maxEnded) {
		gone++
	}
	if gone > 0 {
		e.list = append(e.list[:0], e.list[gone:]...)
	}
	e.list = append(e.list, endedMatch{id, code, reason, now})
}

// why returns how a match ended, if that is remembered.
func (e *endedMatches) why(id string) (endedMatch, bool) {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := len(e.list) - 1; i >= 0 && now.Sub(e.list[i].at) <= e.keep; i-- {
		if e.list[i].id == id {
			return e.list[i], true
		}
	}
	return endedMatch{}, false
}
