package matchmaking

import (
	"fmt"
	"strings"
)

// Code is a kind of problem. Codes are stable: they are problem types of the API.
type Code string

// Problems of tickets and of calls of a [Queue].
const (
	BadTicketID      Code = "ticket_id_invalid"     // no id, or longer than 64 bytes
	BadPlayer        Code = "player_invalid"        // no name, or longer than 64 bytes
	NoMembers        Code = "members_missing"       // a ticket without players
	PlayerTwice      Code = "player_twice"          // the same player twice in one ticket
	PartyTooLarge    Code = "party_too_large"       // no team ever takes so many
	UnknownAttribute Code = "attribute_unknown"     // the rules do not declare it
	MissingAttribute Code = "attribute_missing"     // required, without default
	WrongKind        Code = "attribute_kind_wrong"  // such as a string for a number
	NotFinite        Code = "number_not_finite"     // NaN or an infinity
	OutOfRange       Code = "number_out_of_range"   // beyond the declared bounds
	TextTooLong      Code = "text_too_long"         // more than 64 bytes
	SetTooLarge      Code = "set_too_large"         // more than 64 values
	UnknownValue     Code = "value_unknown"         // not among the declared ones
	UnknownRegion    Code = "region_unknown"        // none of the regions is declared
	PartyDisagrees   Code = "party_disagrees"       // members have different values of a string attribute
	NeverMatches     Code = "never_matches"         // breaks a rule by itself, at every age
	HeadStartTooLong Code = "head_start_too_long"   // negative, or more than the rules allow
	CreatedLater     Code = "created_in_the_future" // after now
	TicketExists     Code = "ticket_exists"         // an id in use
	PlayerQueued     Code = "player_already_queued" // a player in another ticket
	TicketUnknown    Code = "ticket_unknown"        // not in the queue, or no longer
	NotProposed      Code = "ticket_not_proposed"   // nothing to accept or decline
	PlayerUnknown    Code = "player_not_in_ticket"  // the player is not in this ticket
	AnswerTwice      Code = "already_accepted"      // accepted, then declined
	QueueFull        Code = "queue_full"            // QueueConfig.MaxTickets wait or are proposed
)

// Problems of rules.
const (
	BadSyntax     Code = "rules_syntax"        // neither YAML nor JSON, or the wrong shape
	UnknownField  Code = "rules_unknown_field" // a field that does not exist
	BadValue      Code = "rules_value_invalid" // a value of the wrong kind or range
	MissingField  Code = "rules_field_missing" // a field that must be there
	NameTwice     Code = "rules_name_twice"    // two things of one name
	UnknownName   Code = "rules_name_unknown"  // refers to what is not declared
	Contradiction Code = "rules_contradictory" // no match can satisfy them at any age
)

// Problem is an error of a ticket or of rules: what is wrong, where, and what to
// do about it.
type Problem struct {
	Code   Code   `json:"code"`
	Where  string `json:"where,omitempty"` // a path, such as teams[0].max or members[1].attributes.skill
	Line   int    `json:"line,omitempty"`  // of a rules file, from 1; 0 is unknown
	Detail string `json:"detail"`
	Remedy string `json:"remedy"`
}

func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString("matchmaking: ")
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Where != "" {
		b.WriteString(p.Where + ": ")
	}
	b.WriteString(p.Detail)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// Problems is an error that lists everything that is wrong with a rules file.
type Problems []*Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a Problem.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// err is nil when there are no problems.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

func (ps *Problems) add(code Code, where, detail, remedy string) {
	*ps = append(*ps, &Problem{Code: code, Where: where, Detail: detail, Remedy: remedy})
}
