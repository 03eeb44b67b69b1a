package sim

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Setup is what a match was ordered with: the parameters of its game, and who
// was expected. Matches begun without an order have an empty one. Rules read
// it with World.Setup; it never changes and must not be changed.
type Setup struct {
	Parameters Attributes
	Roster     []Player // without numbers: players get theirs when they come
}

// Attributes are named values of a player or a match, without order.
type Attributes []Attribute

// Attribute is a number, or a text if Text is not empty.
type Attribute struct {
	Name   string
	Number float64
	Text   string
}

// Bounds of what comes with a player or a match. A recording holds a tick in
// which everybody joins, and a header with everybody's roster, in one chunk.
const (
	MaxAttributes = 768 // bytes of one list: each takes 12 and its name and text
	maxRosterText = 64  // bytes of a team's or a role's name
)

// Number returns the number of that name; false if there is none.
func (a Attributes) Number(name string) (float64, bool) {
	for i := range a {
		if a[i].Name == name && a[i].Text == "" {
			return a[i].Number, true
		}
	}
	return 0, false
}

// Text returns the text of that name; false if there is none.
func (a Attributes) Text(name string) (string, bool) {
	for i := range a {
		if a[i].Name == name && a[i].Text != "" {
			return a[i].Text, true
		}
	}
	return "", false
}

// Check returns an error that names the first attribute that cannot be had: one
// without a name, a second of the same name, a number that is not finite, or the
// one that goes beyond MaxAttributes.
func (a Attributes) Check() error {
	size := 0
	for i := range a {
		one := &a[i]
		size += 12 + len(one.Name) + len(one.Text)
		switch {
		case one.Name == "":
			return fmt.Errorf("game: attribute %d has no name: give it one", i+1)
		case math.IsNaN(one.Number) || math.IsInf(one.Number, 0):
			return fmt.Errorf("game: attribute %q is %v: give a finite number", one.Name, one.Number)
		case size > MaxAttributes:
			return fmt.Errorf("game: attribute %q goes beyond the %d bytes that all of them may take: give fewer or shorter ones", one.Name, MaxAttributes)
		}
		for k := range i {
			if a[k].Name == one.Name {
				return fmt.Errorf("game: two attributes are named %q: give each its own name", one.Name)
			}
		}
	}
	return nil
}

// Check returns an error that names what a match of so many seats cannot be
// ordered with.
func (s *Setup) Check(seats int) error {
	if len(s.Roster) > seats {
		return fmt.Errorf("game: a roster of %d players for %d seats: order a smaller one", len(s.Roster), seats)
	}
	for i := range s.Roster {
		p := &s.Roster[i]
		if len(p.Team) > maxRosterText || len(p.Role) > maxRosterText {
			return fmt.Errorf("game: team %.32q and role %.32q of player %d in the roster may have %d bytes each: shorten them", p.Team, p.Role, i+1, maxRosterText)
		}
		if err := p.Attributes.Check(); err != nil {
			return fmt.Errorf("player %d in the roster: %w", i+1, err)
		}
	}
	return s.Parameters.Check()
}

func (s *Setup) empty() bool { return len(s.Parameters)+len(s.Roster) == 0 }

func appendSetup(b []byte, s *Setup) []byte {
	b = appendAttributes(b, s.Parameters)
	b = binary.AppendUvarint(b, uint64(len(s.Roster)))
	for i := range s.Roster {
		p := &s.Roster[i]
		b = appendText(appendText(b, p.Name), p.Team)
		b = appendAttributes(appendText(b, p.Role), p.Attributes)
	}
	return b
}

func appendAttributes(b []byte, a Attributes) []byte {
	b = binary.AppendUvarint(b, uint64(len(a)))
	for i := range a {
		b = appendText(appendText(b, a[i].Name), a[i].Text)
		b = binary.LittleEndian.AppendUint64(b, realBits(a[i].Number))
	}
	return b
}

func (r *reader) setup() (s Setup) {
	s.Parameters = r.attributes()
	for range r.count(4) {
		s.Roster = append(s.Roster, Player{Name: r.text(), Team: r.text(), Role: r.text(), Attributes: r.attributes()})
	}
	return s
}

func (r *reader) attributes() (a Attributes) {
	for range r.count(10) {
		a = append(a, Attribute{Name: r.text(), Text: r.text(), Number: math.Float64frombits(r.word64())})
	}
	return a
}
