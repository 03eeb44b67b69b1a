// Package httpapi is the plumbing of an HTTP/JSON API: what the routes of the
// game server and those of matchmaking have in common, so that a client meets
// one way of answering everywhere. It knows neither matches nor tickets; of
// theirs it has only what both parts tell clients, such as [SeatGrant].
//
// # The model
//
// A [Router] maps paths to [Methods], and each method to an [Endpoint]: a
// function that writes its answer with [Answer] or returns an error.
//
//	r := httpapi.NewRouter(log, nil)
//	r.Path("/v1/games", httpapi.Methods{"GET": getGames, "POST": postGame})
//	r.NotFound("/", "GET /v1/games lists the games")
//
//	func postGame(w http.ResponseWriter, r *http.Request) error {
//		var order struct{ Name string `json:"name"` }
//		if err := httpapi.ReadJSON(w, r, &order); err != nil {
//			return err
//		}
//		if order.Name == "" {
//			return problemNoName.At("name", "is missing", "send 1 to 64 bytes")
//		}
//		httpapi.Answer(w, http.StatusCreated, order)
//		return nil
//	}
//
// The router answers OPTIONS, HEAD, and methods that a path does not have (405
// with the header Allow).
//
// # Problem details
//
// Errors are problem details as RFC 9457 has them, of the media type
// application/problem+json. Every problem has a [Type]: a stable code, a
// status, a title, and advice. A program declares its types once, in a
// [Registry], which also answers GET /v1/problems:
//
//	var types httpapi.Registry
//	var problemNoName = types.Define("no_name", 422, "No name", "Send a name.")
//
// [Type.New] makes the [Problem] that an endpoint returns. One code has one
// title: a registry refuses the same code with another status, title or advice.
// Types that more than one part of an API answers with are variables of
// this package. Errors of the packages behind the API become problems in one
// place, the function given to [NewRouter]; any other error is [Internal], which
// is logged and not told.
//
// # Request bodies
//
// [ReadJSON] bounds the size, refuses unknown fields and whatever follows the
// object, and names the field that is wrong and what is expected there. It does
// not look at Content-Type, so that `curl -d '{…}'` works as it is.
//
// # Waiting: long polls and server-sent events
//
// [ReadLongPoll] reads ?wait= and ?version=. A [Stream] writes server-sent
// events, with heartbeats; [LastEventID] says where a client goes on.
// [ExtendDeadlines] gives an answer more time than the HTTP server's timeouts.
//
// # Request limits
//
// A [RateLimiter] has a token bucket for each identity or address, in bounded
// memory; whoever is over the rate limit is answered 429 with Retry-After. A
// [Quota] bounds how many requests of each key wait at the same time.
// [IdempotencyKey] reads the header that makes a request safe to repeat.
package httpapi
