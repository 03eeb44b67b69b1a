package matchmaking

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// TicketID identifies a ticket; the caller chooses it. 1 to 64 bytes.
type TicketID string

// Ticket is one player or a party that wants a match.
type Ticket struct {
	ID      TicketID `json:"id"`
	Members []Member `json:"members"`
	// Attributes hold for every member that does not have its own.
	Attributes Attributes `json:"attributes,omitempty"`
	// Created is when the wait began, on the same clock as the time of calls.
	Created time.Duration `json:"-"`
	// HeadStart is a priority credit: the ticket is served as if it had been
	// created that much earlier. It does not expand rules. 0 to Rules.HeadStart.
	HeadStart time.Duration `json:"-"`
	// Match pins the ticket to one open match; "": any open or new match.
	Match string `json:"match,omitempty"`
}

// Member is one player of a ticket.
type Member struct {
	Player     string     `json:"player"` // 1 to 64 bytes, once in all tickets
	Attributes Attributes `json:"attributes,omitempty"`
}

// Attributes are values by attribute name, as the rules declare them.
type Attributes map[string]Value

// Value is a number, a string, a set of strings or latencies by region. The
// zero Value is none of them and is refused.
type Value struct {
	kind    Kind
	number  float64
	text    string
	set     []string
	latency map[string]float64
}

// Kind is what an attribute holds.
type Kind uint8

// The kinds of attributes.
const (
	NoKind      Kind = iota
	NumberKind       // a finite number
	StringKind       // a string, at most 64 bytes
	SetKind          // strings out of those declared, in any order
	LatencyKind      // region to round trip in milliseconds
)

var kindNames = []string{"nothing", "number", "string", "set", "latency"}

func (k Kind) String() string { return kindNames[k] }

// Number returns a number as an attribute's value.
func Number(n float64) Value { return Value{kind: NumberKind, number: n} }

// Text returns a string as an attribute's value.
func Text(s string) Value { return Value{kind: StringKind, text: s} }

// Set returns a set of strings as an attribute's value.
func Set(s ...string) Value { return Value{kind: SetKind, set: s} }

// Latency returns latencies by region, in milliseconds, as an attribute's value.
func Latency(ms map[string]float64) Value { return Value{kind: LatencyKind, latency: ms} }

// Kind says what the value holds.
func (v Value) Kind() Kind { return v.kind }

// Number is the number of a NumberKind, else 0.
func (v Value) Number() float64 { return v.number }

// Text is the string of a StringKind, else "".
func (v Value) Text() string { return v.text }

// Set is a copy of the strings of a SetKind.
func (v Value) Set() []string { return slices.Clone(v.set) }

// Latency is the round trip to a region in milliseconds, of a LatencyKind.
func (v Value) Latency(region string) (ms float64, ok bool) {
	ms, ok = v.latency[region]
	return ms, ok
}

// UnmarshalJSON infers the kind from the JSON type: a number, a string, an array
// of strings, or an object of numbers.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	if len(b) == 0 {
		return errors.New("matchmaking: an empty attribute: give a number, a string, an array or an object")
	}
	var err error
	switch b[0] {
	case '"':
		v.kind, err = StringKind, json.Unmarshal(b, &v.text)
	case '[':
		v.kind, err = SetKind, json.Unmarshal(b, &v.set)
	case '{':
		v.kind, err = LatencyKind, json.Unmarshal(b, &v.latency)
	default:
		if b[0] != '-' && (b[0] < '0' || b[0] > '9') {
			return fmt.Errorf("matchmaking: attribute %.20s: give a number, a string, an array of strings, or an object of region to milliseconds", b)
		}
		v.kind, err = NumberKind, json.Unmarshal(b, &v.number)
	}
	return err
}

// MarshalJSON is the reverse of UnmarshalJSON.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case NumberKind:
		return json.Marshal(v.number)
	case StringKind:
		return json.Marshal(v.text)
	case SetKind:
		return json.Marshal(v.set)
	case LatencyKind:
		return json.Marshal(v.latency)
	}
	return []byte("null"), nil
}
