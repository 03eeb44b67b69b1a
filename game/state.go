package game

import (
	"fmt"
	"reflect"

	"arbiter/game/sim"
)

// part is a field of a State: a Table, Value, Events or Commands.
type part interface {
	kind() sim.PartKind
	row() reflect.Type
}

// stored parts keep their rows from step to step.
type stored interface {
	part
	erased() sim.Store
}

// queued parts hold the rows of one step.
type queued interface {
	part
	erased() sim.Queue
}

// schemaOf reads the schema of a game off its State and Input types.
func schemaOf(name string, state, input reflect.Type) (*sim.Schema, error) {
	if state.Kind() != reflect.Struct {
		return nil, fmt.Errorf("state %v must be a struct of Table, Value, Events and Commands fields", state)
	}
	var parts []sim.Part
	for i := range state.NumField() {
		f := state.Field(i)
		path := state.Name() + "." + f.Name
		if !f.IsExported() {
			return nil, fmt.Errorf("%s is unexported; all state is replicated or hidden by tags, so export it", path)
		}
		p, ok := reflect.New(f.Type).Interface().(part)
		if !ok {
			return nil, fmt.Errorf("%s has type %v; state fields must be game.Table, game.Value, game.Events or game.Commands", path, f.Type)
		}
		parts = append(parts, sim.Part{Name: f.Name, Path: path, Kind: p.kind(), Row: p.row()})
	}
	return sim.NewSchema(name, parts, input)
}

// partsOf lists the fields of *state. The schema has proved its shape.
func partsOf(state any) sim.Parts {
	var p sim.Parts
	v := reflect.ValueOf(state).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i).Addr().Interface().(type) {
		case stored:
			p.Tables = append(p.Tables, f.erased())
		case queued:
			if f.kind() == sim.EventPart {
				p.Events = append(p.Events, f.erased())
			} else {
				p.Commands = append(p.Commands, f.erased())
			}
		}
	}
	return p
}

// guarded rows decide who may see them; see the package doc.
type guarded interface{ VisibleTo(p PlayerID) bool }

// placed rows have a place in the world for areas of interest.
type placed interface{ Position() (x, y float64) }
