package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"arbiter/netcode"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
)

// Revoke refuses a player or a token from now on, and ends the sessions it is
// about with code 4214. A revoked player's seats are given up; those of a revoked
// token wait for a session with another one. It fails as
// [auth.Revocations.Add] does. Revocations live in memory: a restart forgets them.
func (s *Server) Revoke(ctx context.Context, r auth.Revocation) (auth.Revocation, error) {
	r, err := s.revoked.Add(time.Now(), r)
	if err != nil {
		return r, err
	}
	ended := 0
	if r.Subject != "" {
		ended, _ = s.engine.Evict(ctx, r.Subject, "", netcode.CodeRevoked)
	} else {
		ended = s.engine.CloseToken(r.TokenID, netcode.CodeRevoked)
	}
	s.log.Info("revoked", "revocation", r.ID, "subject", r.Subject, "token_id", r.TokenID, "until", r.Until, "sessions", ended)
	return r, nil
}

// Kick ends a player's sessions with code 4202 and gives up their seats, in one
// match or, if match is empty, in all. They may come back; Revoke keeps them out. It
// returns how many sessions and seats, or reservations, those were.
func (s *Server) Kick(ctx context.Context, subject, match string) (sessions, seats int) {
	sessions, seats = s.engine.Evict(ctx, subject, match, netcode.CodeKicked)
	if sessions+seats == 0 {
		return 0, 0
	}
	s.log.Info("kicked", "subject", subject, "match", match, "sessions", sessions, "seats", seats)
	return sessions, seats
}

type revocationDoc struct {
	ID      string    `json:"id"`
	Subject string    `json:"subject,omitempty"`
	TokenID string    `json:"token_id,omitempty"`
	Until   time.Time `json:"until"`
}

func (s *Server) getRevocations(w http.ResponseWriter, _ *http.Request) error {
	list := []revocationDoc{}
	for _, r := range s.revoked.List(time.Now()) {
		list = append(list, revocationDoc(r))
	}
	httpapi.Answer(w, http.StatusOK, map[string]any{"revocations": list})
	return nil
}

func (s *Server) postRevocation(w http.ResponseWriter, r *http.Request) error {
	var order struct {
		Subject string    `json:"subject"`
		TokenID string    `json:"token_id"`
		Until   time.Time `json:"until"`
	}
	if err := httpapi.ReadJSON(w, r, &order); err != nil {
		return err
	}
	made, err := s.Revoke(r.Context(), auth.Revocation{Subject: order.Subject, TokenID: order.TokenID, Until: order.Until})
	switch {
	case errors.Is(err, auth.ErrRevocationsFull):
		return problemTooManyRevocations.New("%d revocations are in force: delete some, or change the key that the tokens are signed with", auth.MaxRevocations)
	case err != nil:
		return problemBadRevocation.New(`write {"subject":"…"} or {"token_id":"…"}, of 1 to 128 printable bytes, and perhaps "until", a time within 366 days such as "2030-01-31T12:00:00Z"`)
	}
	w.Header().Set("Location", "/v1/revocations/"+made.ID)
	httpapi.Answer(w, http.StatusCreated, revocationDoc(made))
	return nil
}

func (s *Server) deleteRevocation(w http.ResponseWriter, r *http.Request) error {
	if !s.revoked.Remove(r.PathValue("id")) {
		return problemNoSuchRevocation.New("no revocation of this id is in force: GET /v1/revocations lists those that are")
	}
	s.log.Info("revocation deleted", "revocation", r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) postKick(w http.ResponseWriter, r *http.Request) error {
	var order struct {
		Subject string `json:"subject"`
		Match   string `json:"match"`
	}
	if err := httpapi.ReadJSON(w, r, &order); err != nil {
		return err
	}
	if order.Subject == "" {
		return httpapi.BadJSON.New(`write {"subject":"…"} and, for one match only, "match"`)
	}
	sessions, seats := s.Kick(r.Context(), order.Subject, order.Match)
	if sessions+seats == 0 {
		return problemNoSuchPlayer.New("this player has neither a connection nor a seat here")
	}
	httpapi.Answer(w, http.StatusOK, map[string]int{"sessions": sessions, "seats": seats})
	return nil
}
