package core

import (
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode/view"
)

// rowWatch compares a table after each snapshot with what it was before.
type rowWatch struct {
	table   int
	seen    sim.Block
	added   func(game.ID)
	changed func(game.ID)
	removed func(game.ID)
}

type eventWatch struct {
	kind int
	post func(view.PostedEvent)
}

// changed calls the watches with what a snapshot brought: rows first, in the
// order of their tables' registration, then events.
func (m *Mirror[S, I]) changed(u *view.Update) {
	if len(m.rows) > 0 && !u.Old {
		m.newest, m.before = m.before, m.newest
		m.load()
		f := m.seat.Frame()
		moved := m.seats != m.seat.stats.Seats
		m.seats = m.seat.stats.Seats
		for i := range m.rows {
			w := &m.rows[i]
			if moved {
				w.clear()
			}
			w.compare(&m.seat.Schema().Tables[w.table], &f.Tables[w.table])
		}
	}
	for i := range u.Events {
		for k := range m.events {
			if m.events[k].kind == u.Events[i].Kind {
				m.events[k].post(u.Events[i])
			}
		}
	}
}

// compare goes over both states in order of id: a row is gone, new, or in both.
func (w *rowWatch) compare(s *sim.RowSchema, is *sim.Block) {
	was := &w.seen
	i, k := 0, 0
	for i < len(was.IDs) || k < len(is.IDs) {
		switch {
		case k == len(is.IDs) || i < len(was.IDs) && was.IDs[i] < is.IDs[k]:
			notify(w.removed, was.IDs[i])
			i++
		case i == len(was.IDs) || is.IDs[k] < was.IDs[i]:
			notify(w.added, is.IDs[k])
			k++
		default:
			if w.changed != nil && !sameRow(s, was, i, is, k) {
				w.changed(is.IDs[k])
			}
			i++
			k++
		}
	}
	was.CopyFrom(is)
}

// clear reports all rows as gone: those of another match may have the same
// ids, and are others.
func (w *rowWatch) clear() {
	for _, id := range w.seen.IDs {
		notify(w.removed, id)
	}
	w.seen.Resize(w.seen.Width, 0)
}

func notify(f func(game.ID), id game.ID) {
	if f != nil {
		f(id)
	}
}

// OnAdded calls f for each row that appears in the table that pick selects:
// because it was made, or because the player sees it now. Rows that are there
// already count as appearing with the next snapshot. The row is valid during
// the call.
func OnAdded[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Table[T], f func(id game.ID, row *T)) {
	m.watch(rowWatch{table: tableOf(m, pick), added: func(id game.ID) {
		f(id, pick(m.newest.State()).Get(id))
	}})
}

// OnChanged calls f for each row that differs from the snapshot before.
// Both are valid during the call.
func OnChanged[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Table[T], f func(id game.ID, was, is *T)) {
	m.watch(rowWatch{table: tableOf(m, pick), changed: func(id game.ID) {
		f(id, pick(m.before.State()).Get(id), pick(m.newest.State()).Get(id))
	}})
}

// OnRemoved calls f for each row that is gone, or not seen any more, with what
// it was last, valid during the call.
func OnRemoved[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Table[T], f func(id game.ID, last *T)) {
	m.watch(rowWatch{table: tableOf(m, pick), removed: func(id game.ID) {
		f(id, pick(m.before.State()).Get(id))
	}})
}

// OnValue calls f when the value that pick selects is not what it was, and for
// the first one, which was zero before.
func OnValue[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Value[T], f func(was, is *T)) {
	i, ok := m.newest.Index(pick(m.newest.State()))
	if !ok {
		panic("client: pick must return a value of the state it is given")
	}
	call := func(game.ID) { f(pick(m.before.State()).Get(), pick(m.newest.State()).Get()) }
	m.watch(rowWatch{table: i, added: call, changed: call})
}

// OnEvent calls f for each event of the kind that pick selects, once, in the
// order in which they happened, with the tick it happened in. The event is
// valid during the call.
func OnEvent[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Events[T], f func(tick game.Tick, e *T)) {
	kind, ok := m.newest.Index(pick(m.newest.State()))
	if !ok {
		panic("client: pick must return events of the state it is given")
	}
	var e T
	m.events = append(m.events, eventWatch{kind, func(p view.PostedEvent) {
		sim.StoreEvent(m.newest.Schema(), kind, p.Row, &e)
		f(p.Tick, &e)
	}})
}

func tableOf[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Table[T]) int {
	i, ok := m.newest.Index(pick(m.newest.State()))
	if !ok {
		panic("client: pick must return a table of the state it is given")
	}
	return i
}

func (m *Mirror[S, I]) watch(w rowWatch) {
	m.load() // so that the next snapshot's before is this one
	if len(m.rows) == 0 {
		m.seats = m.seat.stats.Seats
	}
	m.rows = append(m.rows, w)
}
