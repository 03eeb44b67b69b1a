package service

import (
	"errors"
	"net/http"

	"arbiter/server/httpapi"
)

// endpoint is an [httpapi.Endpoint] for somebody known.
type endpoint func(w http.ResponseWriter, r *http.Request, i Identity) error

func (s *Service) router() http.Handler {
	type methods = httpapi.Methods
	rt := httpapi.NewRouter(s.config.Log, problemOf)
	rt.Path("/v1/queues", methods{"GET": s.getQueues})
	rt.Path("/v1/queues/{name}", methods{"GET": s.getQueue})
	rt.Path("/v1/tickets", methods{"POST": s.known(s.postTicket)})
	rt.Path("/v1/tickets/{id}", methods{"GET": s.known(s.getTicket), "DELETE": s.known(s.deleteTicket)})
	rt.Path("/v1/tickets/{id}/events", methods{"GET": s.known(s.getEvents)})
	rt.Path("/v1/tickets/{id}/explain", methods{"GET": s.known(s.getExplain)})
	rt.Path("/v1/tickets/{id}/accept", methods{"POST": s.known(s.postAccept)})
	rt.Path("/v1/tickets/{id}/decline", methods{"POST": s.known(s.postDecline)})
	rt.Path("/v1/parties", methods{"POST": s.known(s.postParty)})
	rt.Path("/v1/parties/join", methods{"POST": s.known(s.joinParty)})
	rt.Path("/v1/parties/{id}", methods{"GET": s.known(s.getParty)})
	rt.Path("/v1/parties/{id}/ready", methods{"POST": s.known(s.readyParty)})
	rt.Path("/v1/parties/{id}/start", methods{"POST": s.known(s.startParty)})
	rt.Path("/v1/parties/{id}/leave", methods{"POST": s.known(s.leaveParty)})
	rt.Path("/v1/parties/{id}/kick", methods{"POST": s.known(s.kickParty)})
	rt.NotFound("/", "GET /v1/openapi.json lists what there is")
	return rt
}

// ServeHTTP implements [http.Handler] for the paths /v1/tickets, /v1/parties
// and /v1/queues; others are answered with no_such_path.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

// known lets in who has a token and is within their rate limit.
func (s *Service) known(serve endpoint) httpapi.Endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, err := s.config.Authenticate(r)
		if err != nil {
			if p := (*httpapi.Problem)(nil); errors.As(err, &p) {
				return p
			}
			return problemTokenInvalid.New("the token could not be checked: get a new one")
		}
		if err := s.limits.allow(i); err != nil {
			return err
		}
		return serve(w, r, i)
	}
}
