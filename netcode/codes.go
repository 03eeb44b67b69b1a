package netcode

import (
	"slices"
	"strconv"
)

// Code is a WebSocket close code: why a connection ended and, by its range,
// what the client does next.
//
//	1000–1015  the WebSocket protocol's own codes (RFC 6455 section 7.4.1)
//	4000–4099  Resume: the seat is kept, connect again and continue
//	4100–4199  Reconnect: the seat is gone, join again, perhaps elsewhere
//	4200–4299  GiveUp: trying again would end the same way
type Code uint16

// The codes of the WebSocket protocol that Arbiter sends or understands.
const (
	CodeNormal      Code = 1000
	CodeGoingAway   Code = 1001
	CodeProtocol    Code = 1002
	CodeNotBinary   Code = 1003
	CodeNoStatus    Code = 1005 // never sent: the peer's close frame held no code
	CodeLost        Code = 1006 // never sent: the connection ended without a close frame
	CodeBadText     Code = 1007
	CodePolicy      Code = 1008
	CodeTooBig      Code = 1009
	CodeServerError Code = 1011
	CodeRestart     Code = 1012
	CodeTryLater    Code = 1013
)

// The codes of Arbiter's own protocol.
const (
	CodeSlow      Code = 4000
	CodeSilent    Code = 4001
	CodeRebalance Code = 4002

	CodeSeatLapsed  Code = 4100
	CodeMatchBroken Code = 4101
	CodeDrain       Code = 4102
	CodeOverloaded  Code = 4103
	CodeStateLimit  Code = 4104

	CodeMatchFinished Code = 4200
	CodeReplaced      Code = 4201
	CodeKicked        Code = 4202
	CodeNoMatch       Code = 4203
	CodeMatchFull     Code = 4204
	CodeVersion       Code = 4205
	CodeMalformed     Code = 4206
	CodeRate          Code = 4207
	CodeInputOverflow Code = 4208
	CodeTokenExpired  Code = 4209
	CodeAuthDeadline  Code = 4210
	CodeNoGame        Code = 4211
	CodeTokenUsed     Code = 4212
	CodeJoinLapsed    Code = 4213
	CodeRevoked       Code = 4214
	CodeNotAllowed    Code = 4215
)

// Action is what a client does after a connection closed.
type Action uint8

const (
	GiveUp    Action = iota // stop and tell the player
	Resume                  // connect to the same match with the resume id; the seat is kept
	Reconnect               // drop the resume id and join anew, perhaps on another node
)

// String returns "give up", "resume" or "reconnect".
func (a Action) String() string {
	switch a {
	case GiveUp:
		return "give up"
	case Resume:
		return "resume"
	case Reconnect:
		return "reconnect"
	}
	return "action " + strconv.Itoa(int(a))
}

// CodeInfo is one row of the close code table.
type CodeInfo struct {
	Code   Code
	Name   string // short, lower case with dashes, unique
	Text   string // a sentence for the player, at most 123 bytes so that it fits a close frame
	Action Action
}

// codes is sorted by Code.
var codes = []CodeInfo{
	{CodeNormal, "normal", "The connection was closed normally.", GiveUp},
	{CodeGoingAway, "going-away", "This server is shutting down; join again to play on another.", Reconnect},
	{CodeProtocol, "protocol", "The connection violated the WebSocket protocol; a program between you and the server may be at fault.", GiveUp},
	{CodeNotBinary, "not-binary", "The game sent text where the server expects binary data; update the game.", GiveUp},
	{CodeNoStatus, "no-status", "The connection was closed without a reason; your seat is kept.", Resume},
	{CodeLost, "lost", "The connection was lost; your seat is kept.", Resume},
	{CodeBadText, "bad-text", "The game sent text that is not valid UTF-8; update the game.", GiveUp},
	{CodePolicy, "policy", "The game sent more data than the server accepts.", GiveUp},
	{CodeTooBig, "too-big", "The game sent a message larger than the server accepts.", GiveUp},
	{CodeServerError, "server-error", "The server had an internal error; your seat is kept.", Resume},
	{CodeRestart, "restart", "The server is restarting; your seat is kept.", Resume},
	{CodeTryLater, "try-later", "The server is busy; join again in a moment.", Reconnect},

	{CodeSlow, "slow", "Your connection could not keep up with the match; your seat is kept.", Resume},
	{CodeSilent, "silent", "The server heard nothing from you for too long; your seat is kept.", Resume},
	{CodeRebalance, "rebalance", "The server is moving your connection; your seat is kept.", Resume},

	{CodeSeatLapsed, "seat-lapsed", "You were away too long and lost your seat; join again.", Reconnect},
	{CodeMatchBroken, "match-broken", "The match ended because of an error in the game; join another.", Reconnect},
	{CodeDrain, "drain", "This server is going out of service; join again to play on another.", Reconnect},
	{CodeOverloaded, "overloaded", "This server is overloaded; join again to play on another.", Reconnect},
	{CodeStateLimit, "state-limit", "The match ended because it grew larger than the server allows; join another.", Reconnect},

	{CodeMatchFinished, "match-finished", "The match is over.", GiveUp},
	{CodeReplaced, "replaced", "You joined this match from another device or window, which took over your seat.", GiveUp},
	{CodeKicked, "kicked", "You were removed from the match.", GiveUp},
	{CodeNoMatch, "no-match", "There is no such match; it may have ended.", GiveUp},
	{CodeMatchFull, "match-full", "The match is full.", GiveUp},
	{CodeVersion, "version", "The game and the server have different versions; update the game.", GiveUp},
	{CodeMalformed, "malformed", "The game sent a message that the server does not understand; update the game.", GiveUp},
	{CodeRate, "rate", "The game sent messages faster than the server accepts.", GiveUp},
	{CodeInputOverflow, "input-overflow", "The game sent more inputs than the server can buffer.", GiveUp},
	{CodeTokenExpired, "token-expired", "Your sign-in has expired; sign in again.", GiveUp},
	{CodeAuthDeadline, "auth-deadline", "The game connected but did not identify itself in time.", GiveUp},
	{CodeNoGame, "no-game", "This server does not run that game.", GiveUp},
	{CodeTokenUsed, "token-used", "This token has already been used to join; join again.", GiveUp},
	{CodeJoinLapsed, "join-lapsed", "You joined too late and lost your seat; join again.", GiveUp},
	{CodeRevoked, "revoked", "The operators of this server have blocked your sign-in for now.", GiveUp},
	{CodeNotAllowed, "not-allowed", "You are not allowed to play in or watch this match.", GiveUp},
}

// Codes returns a copy of the table of close codes, in ascending order.
func Codes() []CodeInfo { return slices.Clone(codes) }

// String returns the code's short name, such as "slow". A code that is not in
// the table is "unknown", whatever its number: a peer chooses that number, and
// the name is used as a metric's label.
func (c Code) String() string {
	if row, ok := c.row(); ok {
		return row.Name
	}
	return "unknown"
}

// Text returns a sentence that a player understands.
func (c Code) Text() string {
	if row, ok := c.row(); ok {
		return row.Text
	}
	return "The connection was closed for a reason this version of the game does not know."
}

// Action returns what the client does next. A code that is not in the table is
// judged by its range, so that a client obeys servers newer than itself;
// outside the three ranges it gives up, because retrying blindly is a flood.
func (c Code) Action() Action {
	if row, ok := c.row(); ok {
		return row.Action
	}
	return c.rangeAction()
}

func (c Code) rangeAction() Action {
	switch {
	case c >= 4000 && c <= 4099:
		return Resume
	case c >= 4100 && c <= 4199:
		return Reconnect
	}
	return GiveUp
}

func (c Code) row() (CodeInfo, bool) {
	i, ok := slices.BinarySearchFunc(codes, c, func(row CodeInfo, c Code) int { return int(row.Code) - int(c) })
	if !ok {
		return CodeInfo{}, false
	}
	return codes[i], true
}
