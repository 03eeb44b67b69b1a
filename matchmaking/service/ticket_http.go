package service

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// ticketRequest is the body of POST /v1/tickets.
type ticketRequest struct {
	Queue      string                     `json:"queue"`
	Attributes map[string]json.RawMessage `json:"attributes"`
	Members    []memberRequest            `json:"members"`
	Match      string                     `json:"match"`
}

type memberRequest struct {
	Player     string                     `json:"player"`
	Name       string                     `json:"name"`
	Attributes map[string]json.RawMessage `json:"attributes"`
}

// postTicket adds a ticket to a queue. With an Idempotency-Key the request can be
// repeated.
func (s *Service) postTicket(w http.ResponseWriter, r *http.Request, i Identity) error {
	var body ticketRequest
	if err := httpapi.ReadJSON(w, r, &body); err != nil {
		return err
	}
	key, err := httpapi.IdempotencyKey(r)
	if err != nil {
		return err
	}
	t, err := s.newTicket(body, i)
	if err != nil {
		return err
	}
	t.key = key
	if key != "" {
		canonical, err := json.Marshal(body)
		if err != nil {
			return err
		}
		t.fingerprint = sha256.Sum256(canonical)
	}
	return s.submit(w, t, i)
}

// newTicket makes a ticket of a request, without registering it.
func (s *Service) newTicket(o ticketRequest, i Identity) (*ticket, error) {
	worker := s.workers[o.Queue]
	if worker == nil {
		return nil, s.noQueue(o.Queue)
	}
	t := &ticket{worker: worker, names: map[string]string{}, owner: i.who(), ready: make(chan struct{})}
	t.spec = matchmaking.Ticket{ID: matchmaking.TicketID(s.newID("t")), Match: o.Match}
	members, err := o.members(i)
	if err != nil {
		return nil, err
	}
	if t.spec.Attributes, err = attributes(o.Attributes, ""); err != nil {
		return nil, err
	}
	for n, m := range members {
		where := fmt.Sprintf("members[%d].", n)
		if !printable(m.Player, 1) || !printable(m.Name, 0) {
			return nil, problemPlayerInvalid.At(where+"player", fmt.Sprintf("%.70q, called %.70q, is not printable or too long", m.Player, m.Name), "use 1 to 64 bytes, a name may be empty")
		}
		own, err := attributes(m.Attributes, where)
		if err != nil {
			return nil, err
		}
		t.names[m.Player] = m.Name
		t.spec.Members = append(t.spec.Members, matchmaking.Member{Player: m.Player, Attributes: own})
	}
	if o.Match != "" && !s.mayName(worker.rules.Game, o.Match, i) {
		return nil, httpapi.NoSuchMatch.New("no match %.64q of %s runs here that you may name: it may have ended, or take only players who were invited", o.Match, worker.rules.Game)
	}
	return t, nil
}

// mayName reports whether somebody's ticket may name a match.
func (s *Service) mayName(game, match string, i Identity) bool {
	for _, m := range s.config.Host.Open(game) {
		if m.ID == match {
			return i.Service || !m.InvitedOnly || slices.ContainsFunc(m.Seated, func(s Seat) bool { return s.Player == i.Player })
		}
	}
	return false
}

// members returns the members that a service lists, or the player who makes the
// request.
func (o *ticketRequest) members(i Identity) ([]memberRequest, error) {
	switch {
	case i.Service && len(o.Members) == 0:
		return nil, problemMembersMissing.At("members", "a service can't be a player", "name the players to queue")
	case i.Service:
		return o.Members, nil
	case len(o.Members) == 0:
		return []memberRequest{{Player: i.Player, Name: i.Name}}, nil
	case len(o.Members) > 1 || o.Members[0].Player != i.Player:
		return nil, httpapi.ServiceOnly.New("players may queue only themselves: leave members out; parties queue with POST /v1/parties/{id}/start, and back ends with a service token")
	}
	m := o.Members[0]
	m.Name = i.Name
	return []memberRequest{m}, nil
}

// attributes reads values, whose kinds follow from their JSON types.
func attributes(raw map[string]json.RawMessage, where string) (matchmaking.Attributes, error) {
	out := make(matchmaking.Attributes, len(raw))
	for name, text := range raw {
		var v matchmaking.Value
		if err := v.UnmarshalJSON(text); err != nil {
			path := fmt.Sprintf("%sattributes.%.64s", where, name)
			if v.Kind() == matchmaking.NumberKind {
				return nil, problemNumberNotFinite.At(path, fmt.Sprintf("%.20s is too large a number", text), "send a finite number")
			}
			return nil, problemAttributeKindWrong.At(path, fmt.Sprintf("%.20s is of no supported kind", text), "send a number, a string, an array of strings, or an object of region to milliseconds")
		}
		out[name] = v
	}
	return out, nil
}

// printable reports whether a string has least to maxText bytes and can be shown
// to other players.
func printable(s string, least int) bool {
	return len(s) >= least && len(s) <= maxText && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) && c != '\u200c' && c != '\u200d' })
}

// submit adds a ticket to its queue and answers with it; if its idempotency key
// was used before, with the first one.
func (s *Service) submit(w http.ResponseWriter, t *ticket, i Identity) error {
	first, err := s.registry.reserve(t)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if first == t {
		s.add(t)
	} else {
		status = http.StatusOK
		<-first.ready
	}
	if first.refusal != nil {
		return first.refusal
	}
	m, _ := first.current()
	w.Header().Set("Location", "/v1/tickets/"+string(first.id()))
	httpapi.Answer(w, status, first.view(m, i))
	return nil
}

// add adds a registered ticket to its queue.
func (s *Service) add(t *ticket) {
	var refused error
	err := t.worker.call(func(now time.Duration) {
		t.spec.Created = now - s.registry.creditFor(t.worker.rules.Name, t.spec.Members, time.Now())
		t.since = s.wall(t.spec.Created)
		t.lastRead.Store(int64(now))
		refused = t.worker.queue.Add(now, t.spec)
	})
	if err == nil {
		err = refused
	}
	if t.refusal = err; err != nil {
		s.registry.cancelReservation(t)
	} else {
		s.registry.consumeCredit(t.worker.rules.Name, t.spec.Members)
		t.worker.watched.add(t)
	}
	close(t.ready)
}

func (s *Service) noQueue(name string) error {
	var names []string
	for _, worker := range s.inOrder {
		names = append(names, worker.rules.Name)
	}
	if len(names) == 0 {
		return problemQueueUnknown.New("this server has no queues: start it with a file of rules")
	}
	return problemQueueUnknown.New("there is no queue %.32q: use one of %s", name, strings.Join(names, ", "))
}

// getTicket answers with a ticket. With ?wait= it is a long poll: the answer waits for
// an update after a version.
func (s *Service) getTicket(w http.ResponseWriter, r *http.Request, i Identity) error {
	t, err := s.find(r.PathValue("id"), i)
	if err != nil {
		return err
	}
	m, changed := t.current()
	poll, err := httpapi.ReadLongPoll(r, m.version)
	if err != nil {
		return err
	}
	if poll.Wait > 0 && m.version <= poll.Version && !final(m.state) {
		leave, err := s.limits.wait(i)
		if err != nil {
			return err
		}
		defer leave()
		httpapi.ExtendDeadlines(w, poll.Wait)
		limit := time.NewTimer(poll.Wait)
		defer limit.Stop()
	waiting:
		for m.version <= poll.Version && !final(m.state) {
			select {
			case <-changed:
				m, changed = t.current()
			case <-limit.C:
				break waiting
			case <-r.Context().Done():
				return nil
			}
		}
	}
	httpapi.Answer(w, http.StatusOK, t.view(m, i))
	return nil
}

// deleteTicket cancels a ticket. For one that was matched it releases the seats
// that were not taken yet. Any other ticket that has left stays as it is.
func (s *Service) deleteTicket(w http.ResponseWriter, r *http.Request, i Identity) error {
	t, err := s.find(r.PathValue("id"), i)
	if err != nil {
		return err
	}
	s.cancel(t, "")
	m, _ := t.current()
	if m.match != nil && r.URL.Query().Get("keep_match") != "1" {
		for _, g := range m.match.seats {
			if i.Service || g.Player == i.Player {
				s.config.Host.Release(g.Match, g.Player)
			}
		}
	}
	httpapi.Answer(w, http.StatusOK, t.view(m, i))
	return nil
}

// cancel removes a ticket from its queue and returns when it has left, for
// whatever reason. An empty cause means that its owner cancelled it. It is never
// refused as busy, because it makes the queue shorter.
func (s *Service) cancel(t *ticket, cause matchmaking.Cause) {
	t.worker.callWhenFree(func(now time.Duration) {
		if m, _ := t.current(); !final(m.state) {
			t.cancelCause = cause
			_ = t.worker.queue.Cancel(now, t.id()) // it is there: it has not left
		}
	})
	for m, changed := t.current(); !final(m.state); m, changed = t.current() {
		<-changed // the queue is being closed, which cancels everybody
	}
}
