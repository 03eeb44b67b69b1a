package matchmake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// gather adds parties of any size to a service: whoever comes is ready at once,
// and starting makes a ticket.
func hostParty(s *service) {
	var mu sync.Mutex
	p := PartyState{ID: "p", Code: "abcd", State: "open", Leader: "ann"}
	answer := func(w http.ResponseWriter) {
		p.Version++
		write(w, 200, p)
	}
	come := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var o struct{ Code, Queue string }
		if json.NewDecoder(r.Body).Decode(&o) != nil || o.Code != "" && o.Code != p.Code {
			problem(w, 404, "party_code_unknown")
			return
		}
		p.Members = append(p.Members, PartyMember{Player: fmt.Sprint("player ", len(p.Members))})
		answer(w)
	}
	s.mux.HandleFunc("POST /v1/parties", come)
	s.mux.HandleFunc("POST /v1/parties/join", come)
	s.mux.HandleFunc("GET /v1/parties/p", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		write(w, 200, p)
	})
	s.mux.HandleFunc("POST /v1/parties/p/{verb}", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch r.PathValue("verb") {
		case "start":
			if p.Ticket != "" {
				problem(w, 409, "party_queued")
				return
			}
			s.mu.Lock()
			s.tickets["a-1"] = &Ticket{ID: "a-1", State: Queued, Version: 1}
			s.mu.Unlock()
			p.Ticket, p.State = "a-1", "queued"
		case "kick":
			var o struct{ Player string }
			before := len(p.Members)
			if json.NewDecoder(r.Body).Decode(&o) == nil {
				p.Members = slices.DeleteFunc(p.Members, func(m PartyMember) bool { return m.Player == o.Player })
			}
			if len(p.Members) == before {
				problem(w, 404, "party_not_member")
				return
			}
		case "leave":
			problem(w, 410, "party_lost")
			return
		}
		answer(w)
	})
}

func TestParty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		hostParty(s)
		c := Config{URL: "http://there", Queue: "fives", Token: "secret", HTTP: &http.Client{Transport: s}}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ann, err := MakeParty(t.Context(), c)
		must(err)
		bob, err := JoinParty(t.Context(), c, ann.State().Code)
		must(err)
		if _, err := JoinParty(t.Context(), c, "nope"); err == nil {
			t.Error("a wrong code is let in")
		}
		must(ann.Ready(t.Context(), true))
		must(ann.Wait(t.Context()))
		if n := len(ann.State().Members); n != 2 {
			t.Errorf("%d members", n)
		}
		_, err = JoinParty(t.Context(), c, ann.State().Code)
		must(err)
		must(ann.Kick(t.Context(), "player 2"))
		if m := ann.State().Members; len(m) != 2 || m[0].Player != "player 0" || m[1].Player != "player 1" {
			t.Errorf("after the third was kicked: %v", m)
		}
		var no *Problem
		if err := ann.Kick(t.Context(), "player 2"); !errors.As(err, &no) || no.Code != "party_not_member" {
			t.Errorf("kicked twice: %v", err)
		}
		seats := make(chan outcome, 2)
		for _, p := range []*Party{ann, bob} {
			go func() {
				if p == ann {
					pass := p.Start(t.Context())
					if again := p.Start(t.Context()); pass != nil || again != nil {
						t.Error(pass, again)
					}
				}
				seat, err := p.Find(t.Context())
				seats <- outcome{seat, err}
			}()
		}
		pass(5 * time.Second)
		s.change(t, s.match)
		for range 2 {
			if o := <-seats; o.err != nil || o.seat.Token != "seat" {
				t.Error(o)
			}
		}
		must(bob.Leave(t.Context()))
	})
}
