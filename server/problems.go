package server

import (
	"net/http"
	"slices"

	"arbiter/server/transport"
)

// ProblemType is one kind of error as GET /v1/problems explains it.
type ProblemType struct {
	Code   string `json:"code"` // unique, lower case with underscores
	Status int    `json:"status"`
	Title  string `json:"title"`
	Text   string `json:"text"` // when it happens and what to do
}

// The codes of problems.
const (
	codeNoPath          = "no_such_path"
	codeMethod          = "method_not_allowed"
	codeNotWebSocket    = "not_a_websocket"
	codeNoGame          = "no_such_game"
	codeNoMatch         = "no_such_match"
	codeMatchFull       = "match_full"
	codeMatchClosed     = "match_closed"
	codeMatchOver       = "match_over"
	codeBadJoinCode     = "bad_join_code"
	codeBadJSON         = "bad_json"
	codeBadQuery        = "bad_query"
	codeBadOrder        = "bad_order"
	codeBadName         = "bad_name"
	codeTooLarge        = "body_too_large"
	codeNoGuests        = "no_guests"
	codeServiceOnly     = "service_only"
	codeJoinToken       = "join_token"
	codeOtherMatch      = "other_match"
	codeNoSigningKey    = "no_signing_key"
	codeDraining        = "draining"
	codeTooManyMatches  = "too_many_matches"
	codeOverloaded      = "overloaded"
	codeShedding        = "shedding"
	codeTooManyStreams  = "too_many_streams"
	codeStarting        = "starting"
	codeTooManyRequests = "too_many_requests"
	codeNoProblem       = "no_such_problem"
	codeInternal        = "internal"

	codeOperatorsOnly   = "operators_only"
	codeCrossSite       = "cross_site"
	codeBadRevocation   = "bad_revocation"
	codeNoRevocation    = "no_such_revocation"
	codeRevocationsFull = "too_many_revocations"
	codeNoPlayer        = "no_such_player"
)

var problemTypes = []ProblemType{
	{codeNoPath, http.StatusNotFound, "No such path", "Nothing is served at this path. GET / lists what is."},
	{codeMethod, http.StatusMethodNotAllowed, "Method not allowed", "The path exists, but not for this method; the header Allow lists those it answers."},
	{codeNotWebSocket, http.StatusBadRequest, "Not a WebSocket", "The path speaks WebSocket only. Connect with a WebSocket client."},
	{codeNoGame, http.StatusNotFound, "No such game", "The server does not host this game. GET /v1/games lists those it does."},
	{codeNoMatch, http.StatusNotFound, "No such match", "No match of this id runs here, or it is private and you are not of it. Matches end; ask for another."},
	{codeMatchFull, http.StatusConflict, "Match full", "The match has no free seat. Choose another, or try again when somebody has left."},
	{codeMatchClosed, http.StatusConflict, "Match closed", "The match takes only players its seats were reserved for. Choose another."},
	{codeMatchOver, http.StatusConflict, "Match over", "The match has ended or takes nobody new any more. Choose another."},
	{codeBadJoinCode, http.StatusForbidden, "Wrong join code", "The match is private, and the code is missing or not its own. Ask whoever made the match."},
	{codeBadJSON, http.StatusBadRequest, "Bad JSON", "The body is not one JSON object with the fields that are documented, in their types. The errors say where."},
	{codeBadQuery, http.StatusBadRequest, "Bad query", "A parameter of the query has a value that it cannot have. The errors say which."},
	{codeBadOrder, http.StatusBadRequest, "Bad order", "A match cannot be made, or seats not be reserved, as asked for. The errors say why."},
	{codeBadName, http.StatusBadRequest, "Bad name", "Names have at most 64 bytes of printable text."},
	{codeTooLarge, http.StatusRequestEntityTooLarge, "Body too large", "The body has more than 65,536 bytes. Send less."},
	{codeNoGuests, http.StatusForbidden, "No guests", "The server was given keys, so tokens come from whoever holds them."},
	{codeServiceOnly, http.StatusForbidden, "For services only", "The request needs the token of a service, one with the claim service."},
	{codeJoinToken, http.StatusForbidden, "Join token", "A join token only enters its match. Use your player token here."},
	{codeOtherMatch, http.StatusForbidden, "Token of another match", "The token is bound to another match. Use one that is not, or one of this match."},
	{codeNoSigningKey, http.StatusNotImplemented, "No signing key", "The server can check tokens but was given no key to sign with, so it cannot reserve seats. Its operator must give it one."},
	{codeDraining, http.StatusServiceUnavailable, "Draining", "The server is being emptied. Ask another one."},
	{codeTooManyMatches, http.StatusServiceUnavailable, "Too many matches", "As many matches run as may. Join one of them, or try again later."},
	{codeOverloaded, http.StatusServiceUnavailable, "Overloaded", "The server has more to do than it can, so it begins no new matches or lets nobody new in. Running matches go on. Try again later or ask another one."},
	{codeShedding, http.StatusServiceUnavailable, "Shedding load", "The server lets nobody new in until it has caught up. Send players to another one."},
	{codeTooManyStreams, http.StatusServiceUnavailable, "Too many streams", "As many event streams are open as may. Close some, or try again later."},
	{codeTooManyRequests, http.StatusTooManyRequests, "Too many requests", "Ask again after Retry-After seconds."},
	{codeStarting, http.StatusServiceUnavailable, "Starting", "The server does not accept connections yet. Try again in a moment."},
	{codeNoProblem, http.StatusNotFound, "No such problem", "No problem has this code. GET /v1/problems lists all."},
	{codeInternal, http.StatusInternalServerError, "Internal error", "The server failed. Its log says more."},

	{"token_missing", http.StatusUnauthorized, "No token", "Send the header Authorization: Bearer TOKEN."},
	{"token_malformed", http.StatusUnauthorized, "Malformed token", "The token is not one that was issued for this server, or says what tokens cannot say."},
	{"token_signature", http.StatusUnauthorized, "Bad signature", "The token was changed, or signed with another key than it says."},
	{"token_expired", http.StatusUnauthorized, "Token expired", "Get a new token."},
	{"token_not_yet_valid", http.StatusUnauthorized, "Token not valid yet", "Wait, or set the clocks of issuer and server."},
	{"token_audience", http.StatusUnauthorized, "Wrong audience", "The token was issued for another service."},
	{"token_issuer", http.StatusUnauthorized, "Wrong issuer", "The token was issued by somebody this server does not trust."},
	{"token_revoked", http.StatusUnauthorized, "Token revoked", "The operators of this server refuse the token, or its player, for now."},
	{"token_unknown_key", http.StatusUnauthorized, "Unknown key", "The token was signed with a key that this server does not have."},

	{codeOperatorsOnly, http.StatusUnauthorized, "For operators only", "The operators' port asks for the operators' token, or for one with the claim admin."},
	{codeCrossSite, http.StatusForbidden, "From another site", "Web pages of other sites may not use the operators' port."},
	{codeBadRevocation, http.StatusBadRequest, "Bad revocation", "A revocation names a subject or a token id, not both, and ends within 366 days."},
	{codeNoRevocation, http.StatusNotFound, "No such revocation", "No revocation of this id is in force."},
	{codeRevocationsFull, http.StatusServiceUnavailable, "Too many revocations", "As many revocations are in force as may. Delete some, or change the key that the tokens are signed with."},
	{codeNoPlayer, http.StatusNotFound, "No such player", "The player has neither a connection nor a seat on this server."},
}

// upgradeProblems are those that requests for a WebSocket are refused with, and
// connections that find no place. The transport writes them.
var upgradeProblems = []ProblemType{
	refused("malformed_request_line", 400, "A request begins with a line of the form GET /path HTTP/1.1."),
	refused("malformed_target", 400, "What is asked for must be a path in ASCII, without a fragment."),
	refused("malformed_header", 400, "Each header is one line of the form name: value."),
	refused("malformed_head", 400, "Lines of a request end in CR LF and hold no control characters."),
	refused("host", 400, "A request needs exactly one Host header."),
	refused("upgrade", 400, "A WebSocket needs exactly one header Upgrade: websocket. A proxy in between may have removed it."),
	refused("connection", 400, "A WebSocket needs exactly one header Connection: Upgrade. A proxy in between may have removed it."),
	refused("body", 400, "A request for a WebSocket has no body."),
	refused("version_missing", 400, "A WebSocket needs exactly one header Sec-WebSocket-Version: 13."),
	refused("version", 426, "The server speaks WebSocket version 13 only."),
	refused("key", 400, "A WebSocket needs exactly one Sec-WebSocket-Key, the base64 form of 16 bytes."),
	refused("handshake", 400, "The request is not a valid WebSocket handshake. The detail says why."),
	refused("method", 405, "A WebSocket is opened with GET."),
	refused("http_version", 505, "A WebSocket needs HTTP/1.1. A proxy in between may speak an older version."),
	refused("head_bytes", 431, "The head of the request is too long. Cookies may be the reason."),
	refused("head_lines", 431, "The request has too many header lines."),
	refused("reused_connection", 400, "This WebSocket must be the first request of its connection. Open a new one."),
	refused("origin", 403, "Pages of this origin may not connect. The server's operator has to allow it."),
	refused("no_game", 400, "The query must say which game: /play?game=NAME. GET /v1/games lists them."),
	refused("connection_cap", 503, "As many connections are open as may be, in all or from this address. Close some, or try again later."),
	refused("connection_rate", 503, "More connections are being opened than may be. Try again in a moment."),
	refused("address_rate", 429, "This address opens connections faster than it may. Wait longer between attempts."),
}

func refused(code string, status int, text string) ProblemType {
	return ProblemType{code, status, http.StatusText(status), text}
}

// typeOf returns the row of a code, which is one of the server's.
func typeOf(code string) ProblemType {
	for _, list := range [...][]ProblemType{problemTypes, upgradeProblems} {
		if i := slices.IndexFunc(list, func(t ProblemType) bool { return t.Code == code }); i >= 0 {
			return list[i]
		}
	}
	return ProblemType{Code: code, Status: http.StatusInternalServerError, Title: "Error"}
}

type problemTypeDoc struct {
	Type string `json:"type"`
	ProblemType
}

// allProblems are the server's own and those of Config.Problems, by code.
func (s *Server) allProblems() []problemTypeDoc {
	var list []problemTypeDoc
	for _, t := range slices.Concat(problemTypes, upgradeProblems, s.core.config.Problems) {
		list = append(list, problemTypeDoc{transport.ProblemPath + t.Code, t})
	}
	slices.SortStableFunc(list, func(a, b problemTypeDoc) int {
		if a.Code < b.Code {
			return -1
		} else if a.Code > b.Code {
			return 1
		}
		return 0
	})
	return slices.CompactFunc(list, func(a, b problemTypeDoc) bool { return a.Code == b.Code })
}

func (s *Server) getProblems(w http.ResponseWriter, _ *http.Request) error {
	answer(w, http.StatusOK, map[string]any{"problems": s.allProblems()})
	return nil
}

func (s *Server) getProblem(w http.ResponseWriter, r *http.Request) error {
	for _, t := range s.allProblems() {
		if t.Code == r.PathValue("code") {
			answer(w, http.StatusOK, t)
			return nil
		}
	}
	return problem(codeNoProblem, "no problem has the code %.64q: GET /v1/problems lists all", r.PathValue("code"))
}
