package service

import (
	"net/http"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// problemTypes are the variables below.
var problemTypes httpapi.Registry

// Types of the service's problems. Codes are stable, and both clients and the
// API's document rely on the statuses. More types are in queueTypes, and those
// that other parts of the API answer with too are in httpapi.
var (
	problemTokenInvalid   = problemTypes.Define("token_invalid", http.StatusUnauthorized, "Token not accepted", "Get a new one and send it as Authorization: Bearer.")
	problemTooManyTickets = problemTypes.Define("too_many_tickets", http.StatusTooManyRequests, "Too many tickets of one service", "Ask again when some have left, or spread them over more services.")
	problemBusy           = problemTypes.Define("busy", http.StatusServiceUnavailable, "Queue busy", "The queue can't take more work now. Ask again after Retry-After seconds.")

	problemQueueUnknown   = problemTypes.Define("queue_unknown", http.StatusNotFound, "No such queue", "GET /v1/queues lists the queues.")
	problemTicketLost     = problemTypes.Define("ticket_lost", http.StatusGone, "Ticket lost", "The service was restarted since. Queue again with a new ticket.")
	problemTicketNotYours = problemTypes.Define("ticket_not_yours", http.StatusForbidden, "Ticket of another player", "The ticket is somebody else's. Ask for your own.")
	problemTicketOver     = problemTypes.Define("ticket_over", http.StatusConflict, "Ticket has left its queue", "Its state and cause say how. Queue again with a new ticket.")

	problemPartyUnknown     = problemTypes.Define("party_unknown", http.StatusNotFound, "No such party", "Create one, or ask for an invitation.")
	problemPartyLost        = problemTypes.Define("party_lost", http.StatusGone, "Party lost", "The service was restarted since. Create a new one.")
	problemPartyCodeUnknown = problemTypes.Define("party_code_unknown", http.StatusNotFound, "No such invite code", "No party has this invite code. Ask the leader for the code again.")
	problemPartyFull        = problemTypes.Define("party_full", http.StatusConflict, "Party full", "Join another one.")
	problemPartyNotMember   = problemTypes.Define("party_not_member", http.StatusForbidden, "Not a member of the party", "Join it first.")
	problemPartyNotLeader   = problemTypes.Define("party_not_leader", http.StatusForbidden, "Not the party's leader", "Only the leader may do this. Ask the leader.")
	problemPartyNotReady    = problemTypes.Define("party_not_ready", http.StatusConflict, "Party not ready", "Wait until every member is ready.")
	problemPartyQueued      = problemTypes.Define("party_queued", http.StatusConflict, "Party queued", "The party waits for a match. Delete its ticket first.")
	problemTooManyParties   = problemTypes.Define("too_many_parties", http.StatusServiceUnavailable, "Too many parties", "As many parties exist as may. Ask again later.")
)

// queueTypes are the problems of tickets that a queue finds, by the codes of
// [matchmaking.Problem]. The service itself finds those with a name.
var queueTypes = []httpapi.Type{
	problemTicketUnknown,
	queueType(matchmaking.NotProposed, http.StatusConflict, "Nothing to answer", "Nothing is proposed, or the time to answer is over. Wait for the next proposal."),
	queueType(matchmaking.AnswerTwice, http.StatusConflict, "Already accepted", "The player has accepted already. Delete the ticket to leave."),
	queueType(matchmaking.PlayerUnknown, http.StatusForbidden, "Player not in the ticket", "Answer for a member of the ticket."),
	problemPlayerAlreadyQueued,
	queueType(matchmaking.TicketExists, http.StatusConflict, "Ticket exists", "A ticket of this id waits already. Ask for that ticket."),
	queueType(matchmaking.QueueFull, http.StatusServiceUnavailable, "Queue full", "As many tickets wait as may. Ask again after Retry-After seconds."),

	queueType(matchmaking.BadTicketID, http.StatusUnprocessableEntity, "Bad ticket id", "Choose another id."),
	problemPlayerInvalid,
	problemMembersMissing,
	queueType(matchmaking.PlayerTwice, http.StatusUnprocessableEntity, "Player twice in a ticket", "Name each player once."),
	queueType(matchmaking.PartyTooLarge, http.StatusUnprocessableEntity, "Party too large", "No team ever takes so many players. Split the party, or use another queue."),
	queueType(matchmaking.UnknownAttribute, http.StatusUnprocessableEntity, "No such attribute", "The rules declare no such attribute. Remove it; GET /v1/queues/{name} lists those there are."),
	queueType(matchmaking.MissingAttribute, http.StatusUnprocessableEntity, "Attribute missing", "The rules require it. Send it; GET /v1/queues/{name} says what it is."),
	problemAttributeKindWrong,
	problemNumberNotFinite,
	queueType(matchmaking.OutOfRange, http.StatusUnprocessableEntity, "Number out of range", "Send one within the queue's bounds."),
	queueType(matchmaking.TextTooLong, http.StatusUnprocessableEntity, "String too long", "Send at most 64 bytes."),
	queueType(matchmaking.SetTooLarge, http.StatusUnprocessableEntity, "Set too large", "Send at most 64 values."),
	queueType(matchmaking.UnknownValue, http.StatusUnprocessableEntity, "Value not declared", "The value is not among the declared ones. The detail lists them."),
	queueType(matchmaking.UnknownRegion, http.StatusUnprocessableEntity, "Region not declared", "None of the regions is declared. The detail lists them."),
	queueType(matchmaking.PartyDisagrees, http.StatusUnprocessableEntity, "Members disagree", "The party's members want what excludes the other. Agree on one value."),
	queueType(matchmaking.NeverMatches, http.StatusUnprocessableEntity, "Ticket never matches", "The ticket breaks a rule by itself, for ever. The detail names the rule."),
	queueType(matchmaking.HeadStartTooLong, http.StatusUnprocessableEntity, "Head start too long", "The head start is more than the rules allow. Shorten it."),
	queueType(matchmaking.CreatedLater, http.StatusUnprocessableEntity, "Wait begins in the future", "Use the queue's clock."),
}

var (
	problemTicketUnknown       = queueType(matchmaking.TicketUnknown, http.StatusNotFound, "No such ticket", "Queue again with a new ticket.")
	problemPlayerAlreadyQueued = queueType(matchmaking.PlayerQueued, http.StatusConflict, "Player already queued", "The player is in another ticket or party. Delete that ticket or leave that party first.")
	problemPlayerInvalid       = queueType(matchmaking.BadPlayer, http.StatusUnprocessableEntity, "Bad player id or name", "Use 1 to 64 bytes of printable text.")
	problemMembersMissing      = queueType(matchmaking.NoMembers, http.StatusUnprocessableEntity, "Ticket without players", "Name one or more.")
	problemAttributeKindWrong  = queueType(matchmaking.WrongKind, http.StatusUnprocessableEntity, "Attribute of the wrong kind", "Send the kind that the queue declares.")
	problemNumberNotFinite     = queueType(matchmaking.NotFinite, http.StatusUnprocessableEntity, "Number not finite", "Send a finite one.")
)

func queueType(code matchmaking.Code, status int, title, advice string) httpapi.Type {
	return httpapi.Type{Code: string(code), Status: status, Title: title, Advice: advice}
}
