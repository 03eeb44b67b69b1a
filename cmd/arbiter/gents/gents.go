// Package gents writes TypeScript types for a game: what "arbiter gen ts"
// prints, and arbiter-client's connect takes as its type argument.
package gents

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"arbiter/game/sim"
)

// TypeScript returns a module of interfaces for the rows of s, and one named
// after the game that joins them:
//
//	const room = await connect<Arena>({ game: "arena" })
//
// Names of rows are those of the state's fields with what they are: ShipsRow,
// RoundValue, KillsEvent, RenamesCommand.
func TypeScript(s *sim.Schema) []byte {
	w := writer{}
	name := TypeName(s.Game)
	w.line(`// Written by "arbiter gen ts --game %s" from the game's Go types. Do not edit.`, s.Game)
	w.line("// Schema %016x.", s.Hash)
	w.rows(s.Tables, func(r *sim.RowSchema) string { return rowType(r) })
	w.rows(s.Events, func(r *sim.RowSchema) string { return r.Name + "Event" })
	w.rows(s.Commands, func(r *sim.RowSchema) string { return r.Name + "Command" })
	w.row(&s.Input, name+"Input", false)
	w.line("")
	w.line("/** The game %s, for connect<%s>({ … }). */", s.Game, name)
	w.line("export interface %s {", name)
	w.names("tables", s.Tables, func(r *sim.RowSchema) string { return unless(r.Single, rowType(r)) })
	w.names("values", s.Tables, func(r *sim.RowSchema) string { return unless(!r.Single, rowType(r)) })
	w.names("events", s.Events, func(r *sim.RowSchema) string { return r.Name + "Event" })
	w.names("commands", s.Commands, func(r *sim.RowSchema) string { return r.Name + "Command" })
	w.line("  input: %sInput;", name)
	w.line("}")
	return w.Bytes()
}

func unless(not bool, name string) string {
	if not {
		return ""
	}
	return name
}

func rowType(r *sim.RowSchema) string {
	if r.Single {
		return r.Name + "Value"
	}
	return r.Name + "Row"
}

// TypeName is the name of a game's interface: that of arena-large is ArenaLarge.
func TypeName(name string) string {
	var b strings.Builder
	up := true
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = true
			continue
		case b.Len() == 0 && unicode.IsDigit(r):
			b.WriteByte('_')
		case up:
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		up = false
	}
	if b.Len() == 0 {
		return "Game"
	}
	return b.String()
}

type writer struct{ bytes.Buffer }

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...)
}

func (w *writer) rows(rows []sim.RowSchema, name func(*sim.RowSchema) string) {
	for i := range rows {
		w.row(&rows[i], name(&rows[i]), strings.HasSuffix(name(&rows[i]), "Row"))
	}
}

// row writes the interface of one kind of row.
func (w *writer) row(r *sim.RowSchema, name string, hasID bool) {
	w.line("")
	w.line("export interface %s {", name)
	if hasID {
		w.line("  readonly id: number;")
	}
	for _, n := range treeOf(r.Fields) {
		w.field(n, "  ")
	}
	w.line("}")
}

func (w *writer) field(n *node, indent string) {
	if n.field != nil {
		if note := comment(n.field); note != "" {
			w.line("%s/** %s */", indent, note)
		}
	}
	w.line("%s%s: %s;", indent, key(n.name), n.typeScript(indent))
}

func (w *writer) names(kind string, rows []sim.RowSchema, name func(*sim.RowSchema) string) {
	w.line("  %s: {", kind)
	for i := range rows {
		if t := name(&rows[i]); t != "" {
			w.line("    %s: %s;", key(rows[i].Name), t)
		}
	}
	w.line("  };")
}

// comment says what the type alone does not.
func comment(f *sim.Field) string {
	var notes []string
	switch {
	case f.Kind == sim.Fixed && f.Wrap > 0:
		notes = append(notes, fmt.Sprintf("in steps of %s, a circle of %d", number(f.Step), f.Wrap))
	case f.Kind == sim.Fixed && f.Bounded:
		notes = append(notes, fmt.Sprintf("in steps of %s, %s to %s", number(f.Step), number(f.Float(f.Min)), number(f.Float(f.Max))))
	case f.Kind == sim.Fixed:
		notes = append(notes, "in steps of "+number(f.Step))
	case f.Kind == sim.Int && f.Bounded:
		notes = append(notes, fmt.Sprintf("%d to %d", f.Min, f.Max))
	case f.Kind == sim.Text:
		notes = append(notes, fmt.Sprintf("at most %d bytes", f.MaxLen))
	}
	if f.Owner {
		notes = append(notes, "the owner's alone, zero to others")
	}
	return strings.Join(notes, "; ")
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }

// key is a property's name: an exported Go name may have letters of any script,
// which TypeScript takes too.
func key(name string) string {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return strconv.Quote(name)
		}
	}
	return name
}
