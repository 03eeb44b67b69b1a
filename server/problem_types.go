package server

import (
	"fmt"
	"net/http"
	"slices"

	"arbiter/server/httpapi"
)

// problemTypes are the variables below.
var problemTypes httpapi.Registry

// Types of the server's problems. More of them are in tokenTypes and upgradeTypes,
// and those that matchmaking answers with too are in httpapi.
var (
	problemNotAWebSocket  = problemTypes.Define("not_a_websocket", http.StatusBadRequest, "Not a WebSocket", "The path speaks WebSocket only. Connect with a WebSocket client.")
	problemNoSuchGame     = problemTypes.Define("no_such_game", http.StatusNotFound, "No such game", "The server does not host this game. GET /v1/games lists those it does.")
	problemMatchFull      = problemTypes.Define("match_full", http.StatusConflict, "Match full", "The match has no free seat. Choose another, or try again when somebody has left.")
	problemMatchClosed    = problemTypes.Define("match_closed", http.StatusConflict, "Match closed", "The match takes only players its seats were reserved for. Choose another.")
	problemMatchOver      = problemTypes.Define("match_over", http.StatusConflict, "Match over", "The match has ended or takes nobody new any more. Choose another.")
	problemBadJoinCode    = problemTypes.Define("bad_join_code", http.StatusForbidden, "Wrong join code", "The match is private, and the code is missing or not its own. Ask whoever made the match.")
	problemBadOrder       = problemTypes.Define("bad_order", http.StatusBadRequest, "Bad order", "A match cannot be made, or seats not be reserved, as asked for. The errors say why.")
	problemBadName        = problemTypes.Define("bad_name", http.StatusBadRequest, "Bad name", "Names have at most 64 bytes of printable text.")
	problemNoGuests       = problemTypes.Define("no_guests", http.StatusForbidden, "No guests", "The server was given keys, so tokens come from whoever holds them.")
	problemJoinToken      = problemTypes.Define("join_token", http.StatusForbidden, "Join token", "A join token only enters its match. Use your player token here.")
	problemOtherMatch     = problemTypes.Define("other_match", http.StatusForbidden, "Token of another match", "The token is bound to another match. Use one that is not, or one of this match.")
	problemNoSigningKey   = problemTypes.Define("no_signing_key", http.StatusNotImplemented, "No signing key", "The server can check tokens but was given no key to sign with, so it cannot reserve seats. Its operator must give it one.")
	problemOwnMatches     = problemTypes.Define("too_many_own_matches", http.StatusTooManyRequests, "Too many matches of yours", "This player has reached the number of running matches that one player may begin. Finish one of them, or join another match.")
	problemTooManyMatches = problemTypes.Define("too_many_matches", http.StatusServiceUnavailable, "Too many matches", "The server runs as many matches as its limit allows. Join one of them, or try again later.")
	problemOverloaded     = problemTypes.Define("overloaded", http.StatusServiceUnavailable, "Overloaded", "The server is overloaded, so it begins no new matches or admits nobody new. Running matches go on. Try again later or use another server.")
	problemShedding       = problemTypes.Define("shedding", http.StatusServiceUnavailable, "Shedding load", "The server lets nobody new in until it has caught up. Send players to another one.")
	problemGameBroken     = problemTypes.Define("game_broken", http.StatusServiceUnavailable, "Game broken", "Matches of this game break as they begin, so for a while none does. The server's log says why.")
	problemStuck          = problemTypes.Define("stuck", http.StatusServiceUnavailable, "Rules stuck", "The rules of some matches do not return and may use up the processors. Restart the server.")
	problemStarting       = problemTypes.Define("starting", http.StatusServiceUnavailable, "Starting", "The server does not accept connections yet. Try again in a moment.")

	// The operators' port.
	problemOperatorsOnly      = problemTypes.Define("operators_only", http.StatusUnauthorized, "For operators only", "The operators' port asks for the operators' token, or for one with the claim admin.")
	problemCrossSite          = problemTypes.Define("cross_site", http.StatusForbidden, "From another site", "Web pages of other sites may not use the operators' port.")
	problemBadRevocation      = problemTypes.Define("bad_revocation", http.StatusBadRequest, "Bad revocation", "A revocation names a subject or a token id, not both, and ends within 366 days.")
	problemNoSuchRevocation   = problemTypes.Define("no_such_revocation", http.StatusNotFound, "No such revocation", "No revocation of this id is in force.")
	problemTooManyRevocations = problemTypes.Define("too_many_revocations", http.StatusServiceUnavailable, "Too many revocations", "As many revocations are in force as may. Delete some, or change the key that the tokens are signed with.")
	problemNoSuchPlayer       = problemTypes.Define("no_such_player", http.StatusNotFound, "No such player", "The player has neither a connection nor a seat on this server.")
)

// tokenTypes are why a token is refused. The codes are those of [auth.Error],
// with underscores.
var tokenTypes = []httpapi.Type{
	tokenType("token_missing", "No token", "Send the header Authorization: Bearer TOKEN."),
	tokenType("token_malformed", "Malformed token", "The token is not one that was issued for this server, or says what tokens cannot say."),
	tokenType("token_signature", "Bad signature", "The token was changed, or signed with another key than it says."),
	tokenType("token_expired", "Token expired", "Get a new token."),
	tokenType("token_not_yet_valid", "Token not valid yet", "Wait, or set the clocks of issuer and server."),
	tokenType("token_audience", "Wrong audience", "The token was issued for another service."),
	tokenType("token_issuer", "Wrong issuer", "The token was issued by somebody this server does not trust."),
	tokenType("token_revoked", "Token revoked", "The operators of this server refuse the token, or its player, for now."),
	tokenType("token_unknown_key", "Unknown key", "The token was signed with a key that this server does not have."),
}

func tokenType(code, title, advice string) httpapi.Type {
	return httpapi.Type{Code: code, Status: http.StatusUnauthorized, Title: title, Advice: advice}
}

// upgradeTypes are why a request for a WebSocket is refused before the upgrade,
// or a connection for which there is no room. The transport answers with most
// of them, and their titles are those of the statuses.
var upgradeTypes = []httpapi.Type{
	upgradeType("malformed_request_line", 400, "A request begins with a line of the form GET /path HTTP/1.1."),
	upgradeType("malformed_target", 400, "What is asked for must be a path in ASCII, without a fragment."),
	upgradeType("malformed_header", 400, "Each header is one line of the form name: value."),
	upgradeType("malformed_head", 400, "Lines of a request end in CR LF and hold no control characters."),
	upgradeType("host", 400, "A request needs exactly one Host header."),
	upgradeType("upgrade", 400, "A WebSocket needs exactly one header Upgrade: websocket. A proxy in between may have removed it."),
	upgradeType("connection", 400, "A WebSocket needs exactly one header Connection: Upgrade. A proxy in between may have removed it."),
	upgradeType("body", 400, "A request for a WebSocket has no body."),
	upgradeType("version_missing", 400, "A WebSocket needs exactly one header Sec-WebSocket-Version: 13."),
	upgradeType("version", 426, "The server speaks WebSocket version 13 only."),
	upgradeType("key", 400, "A WebSocket needs exactly one Sec-WebSocket-Key, the base64 form of 16 bytes."),
	upgradeType("handshake", 400, "The request is not a valid WebSocket handshake. The detail says why."),
	upgradeType("method", 405, "A WebSocket is opened with GET."),
	upgradeType("http_version", 505, "A WebSocket needs HTTP/1.1. A proxy in between may speak an older version."),
	upgradeType("head_bytes", 431, "The head of the request is too long. Cookies may be the reason."),
	upgradeType("head_lines", 431, "The request has too many header lines."),
	upgradeType("reused_connection", 400, "This WebSocket must be the first request of its connection. Open a new one."),
	upgradeType("origin", 403, "Pages of this origin may not connect. The server's operator has to allow it."),
	upgradeType("connection_cap", 503, "As many connections are open as may be, in all or from this address. Close some, or try again later."),
	upgradeType("connection_rate", 503, "More connections are being opened than may be. Try again in a moment."),
	upgradeType("address_rate", 429, "This address opens connections faster than it may. Wait longer between attempts."),
	problemNoGame,
}

var problemNoGame = upgradeType("no_game", 400, "The query must say which game: /play?game=NAME. GET /v1/games lists them.")

func upgradeType(code string, status int, advice string) httpapi.Type {
	return httpapi.Type{Code: code, Status: status, Title: http.StatusText(status), Advice: advice}
}

// registry is all types of an API: the server's, and those of Config.Problems.
// It fails when one code has two titles.
func registry(more []httpapi.Type) (*httpapi.Registry, error) {
	r := &httpapi.Registry{}
	err := r.Register(slices.Concat(httpapi.Common(), problemTypes.Types(), tokenTypes, upgradeTypes, more)...)
	if err != nil {
		return nil, fmt.Errorf("server: Config.Problems: %w", err)
	}
	return r, nil
}
