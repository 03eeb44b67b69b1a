// Package sim is a game as the framework uses it: with the Go types of its author
// erased. Servers, clients, recorders and tools work with what is here; rules are
// written with package game alone.
//
// # The model
//
// A game is a [Definition], which package game's Define makes. Its [Schema]
// describes the shape of its state: one [RowSchema] for each table, kind of event
// and kind of command, and one for the input; a RowSchema lists the [Field]s of a
// row. Both ends of a connection agree on a schema by its Hash.
//
// A field's value is a cell, an int64 whose meaning is the field's [Kind]: a
// bool, an int, a float in whole steps of the wire, a float's bits, or an index
// into the row's texts. A [Row] is the cells and texts of one row; a [Block] those
// of a whole table at one instant, with the rows' ids. Blocks are what messages
// are made of and what clients keep.
//
// A running match is a [Sim]. Its state after a tick is determined by its seed,
// its setup and the [TickInput] of every tick so far, and nothing else:
//
//	m := def.BeginSim(seed, setup)
//	for each tick {
//		m.Step(&in)             // joins, leaves, inputs, commands of this tick
//		m.Rows(i).Capture(&b)   // a table's rows, for replication
//		m.Posted(i).Capture(&b) // the events of the step
//		m.Result()              // not nil: the rules finished the match
//	}
//
// After each step all replicated fields are rounded to the precision of the wire,
// so that clients, which compute from what they were sent, compute from the same
// numbers. A [Prediction] is a Sim that a client loads with the server's state
// and steps ahead with its own inputs.
//
// # Saving a match
//
// AppendCheckpoint and Restore move a match to another Sim, in this process or
// another. A [Recorder] writes what reached a match, tick by tick, with the hash
// of each state; [Replay] runs that again and says at which tick the states differ. The
// formats stand in recording.go and core_checkpoint.go.
//
// # What callers must do
//
// One goroutine at a time may use a Sim, and what it returns by reference is
// valid until the next Step. A Schema is immutable and shared. Blocks own their
// memory and are meant to be filled again and again. Steps must be given in
// order, without gaps. A match whose rules panicked, or whose Restore failed, is
// in an unknown state and must not be used further.
//
// # Below a match
//
// [Core] is the part of a match that does not need Go types; package game's Match
// embeds one and calls the rules. The tables, queues and inputs of a State reach
// it as [Store], [Queue] and [InputStore], which say where rows lie in memory;
// the Schema knows the offsets of fields in a row. Only package game implements
// them.
//
// This package imports nothing of the module. So it also declares the small types
// that rules and framework share ([Tick], [PlayerID], [Player], [Setup], …);
// package game has aliases of them, by which everybody else calls them.
package sim
