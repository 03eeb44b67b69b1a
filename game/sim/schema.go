package sim

import (
	"fmt"
	"hash/fnv"
	"io"
	"reflect"
)

// Limits of a schema.
const (
	MaxTables     = 32  // tables and values of one State
	MaxQueues     = 32  // kinds of events, and of commands
	MaxFields     = 64  // replicated leaves of one row
	MaxInputCells = 16  // leaves of an Input
	MaxTextLen    = 256 // bytes a text field may be declared to hold
	defaultText   = 64
)

// Schema is everything a program needs to read a game's messages: the shape of
// its tables, events, commands and input. Client and server agree on it by
// Hash, or the server sends it.
type Schema struct {
	Game         string
	TickRate     int // Hz
	SnapshotRate int // Hz
	Tables       []RowSchema
	Events       []RowSchema
	Commands     []RowSchema
	Input        RowSchema
	Rewinds      bool   // inputs say which tick the player was looking at
	Hash         uint64 // of all of the above
}

// RowSchema describes one kind of row. Fields are in wire order: those everyone
// may receive first, then those of the owner.
type RowSchema struct {
	Name    string
	Fields  []Field
	Public  int  // Fields[:Public] go to everyone, the others to the owner
	Owner   int  // index of the field that names the row's owner; -1 without one
	Single  bool // a Value: exactly one row, id 1
	Placed  bool // rows have a place, so areas of interest apply
	Guarded bool // rows decide who sees them

	leaves []Field // every leaf in memory order, hidden ones too
	size   uintptr
}

// Part describes one field of a State to [NewSchema].
type Part struct {
	Name string       // of the field
	Path string       // where it stands, for messages
	Kind PartKind     //
	Row  reflect.Type // of its rows
}

// PartKind is what a field of a State holds.
type PartKind uint8

// The kinds of parts.
const (
	TablePart PartKind = iota
	ValuePart
	EventPart
	CommandPart
)

var (
	playerIDType = reflect.TypeFor[PlayerID]()
	rewinderType = reflect.TypeFor[interface{ Rewinds() bool }]()
	// Rows with a place in the world, for areas of interest.
	placedType = reflect.TypeFor[interface{ Position() (x, y float64) }]()
	// Rows that decide who may see them.
	guardedType = reflect.TypeFor[interface{ VisibleTo(PlayerID) bool }]()
)

// NewSchema returns the schema of a game with those parts and that type of
// input. What is not plain data it refuses, naming the field's path. Rates and
// Hash are missing until [Schema.SetRates].
func NewSchema(name string, parts []Part, input reflect.Type) (*Schema, error) {
	s := &Schema{Game: name}
	for i := range parts {
		if err := s.add(&parts[i]); err != nil {
			return nil, err
		}
	}
	if len(s.Tables) > MaxTables || len(s.Events) > MaxQueues || len(s.Commands) > MaxQueues {
		return nil, fmt.Errorf("%d tables, %d events, %d commands; at most %d, %d, %d are allowed",
			len(s.Tables), len(s.Events), len(s.Commands), MaxTables, MaxQueues, MaxQueues)
	}
	row, err := rowSchema(input.Name(), "", input)
	if err != nil {
		return nil, err
	}
	if err := checkInput(&row); err != nil {
		return nil, err
	}
	s.Input = row
	s.Rewinds = input.Implements(rewinderType)
	return s, nil
}

// SetRates sets the tick rate and the snapshot rate, in Hz, and the hash, which
// covers them.
func (s *Schema) SetRates(tick, snapshot int) {
	s.TickRate, s.SnapshotRate = tick, snapshot
	s.Hash = s.hash()
}

// add appends one field of the State to the schema.
func (s *Schema) add(p *Part) error {
	row, err := rowSchema(p.Name, p.Path, p.Row)
	if err != nil {
		return err
	}
	if p.Kind == TablePart || p.Kind == ValuePart {
		ptr := reflect.PointerTo(p.Row)
		row.Single = p.Kind == ValuePart
		row.Placed, row.Guarded = ptr.Implements(placedType), ptr.Implements(guardedType)
		s.Tables = append(s.Tables, row)
		return nil
	}
	if row.Public != len(row.leaves) {
		return fmt.Errorf("%s: events and commands cannot have owner or hidden fields; send to chosen players instead", p.Path)
	}
	if p.Kind == EventPart {
		s.Events = append(s.Events, row)
	} else {
		s.Commands = append(s.Commands, row)
	}
	return nil
}

func checkInput(row *RowSchema) error {
	if len(row.Fields) > MaxInputCells {
		return fmt.Errorf("%s has %d fields; an input may have %d", row.Name, len(row.Fields), MaxInputCells)
	}
	if row.Public != len(row.leaves) {
		return fmt.Errorf("%s: an input cannot have owner or hidden fields", row.Name)
	}
	for _, f := range row.Fields {
		switch f.Kind {
		case Text:
			return fmt.Errorf("%s.%s is a string; inputs are numbers and bools, use game.Commands for text", row.Name, f.Path)
		case Real:
			return fmt.Errorf("%s.%s is a float without a step; add a tag such as `net:\"step=1/64\"`", row.Name, f.Path)
		}
	}
	return nil
}

// rowSchema flattens a row type. path is where it stands, for messages.
func rowSchema(name, path string, t reflect.Type) (RowSchema, error) {
	if path == "" {
		path = name
	}
	r := RowSchema{Name: name, Owner: -1, size: t.Size()}
	if t.Kind() != reflect.Struct {
		return r, fmt.Errorf("%s: row type %v must be a struct", path, t)
	}
	w := flattener{root: path, row: &r}
	if err := w.fields(t, "", 0, tag{}); err != nil {
		return r, err
	}
	for _, owned := range []bool{false, true} {
		for _, f := range r.leaves {
			if !f.hidden && f.Owner == owned {
				r.Fields = append(r.Fields, f)
			}
		}
		if !owned {
			r.Public = len(r.Fields)
		}
	}
	for i, f := range r.Fields[:r.Public] {
		if f.Path == w.owner {
			r.Owner = i
		}
	}
	if r.Public < len(r.Fields) && r.Owner < 0 {
		return r, fmt.Errorf("%s.%s is for the owner only, but no visible field of type game.PlayerID says who that is",
			path, r.Fields[r.Public].Path)
	}
	if len(r.Fields) > MaxFields {
		return r, fmt.Errorf("%s has %d replicated fields; at most %d are allowed, split the row or hide some with `net:\"-\"`",
			path, len(r.Fields), MaxFields)
	}
	return r, nil
}

// hash covers what both ends must agree on to read each other.
func (s *Schema) hash() uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, s.Game, s.TickRate, s.SnapshotRate, s.Rewinds)
	for _, rows := range [][]RowSchema{s.Tables, s.Events, s.Commands, {s.Input}} {
		io.WriteString(h, "\n\n")
		for _, r := range rows {
			fmt.Fprint(h, "\n", r.Name, r.Public, r.Owner, r.Single)
			for _, f := range r.Fields {
				fmt.Fprint(h, "\n ", f.Path, f.Kind, f.Step, f.Wrap, f.Min, f.Max, f.Bounded, f.Codec, f.Owner, f.Interp, f.MaxLen)
				if f.Unsigned {
					io.WriteString(h, " unsigned")
				}
			}
		}
	}
	return h.Sum64()
}

// round brings every replicated field of every row to wire precision.
func (r *RowSchema) round(m Memory) {
	for i := range r.leaves {
		f := &r.leaves[i]
		if f.hidden || !(f.Kind == Fixed || f.Kind == Text || f.Wrap > 0 || f.clamp) {
			continue
		}
		for i := range m.N {
			f.round(m.row(i, r.size))
		}
	}
}
