//go:build wasip1

// Command rules-wasm is a game's own rules for the browser: one WebAssembly
// module that predicts arena, arena-large, arena-uncompensated and tag by the
// code that the server runs. "make wasm" builds it.
//
// It is a reactor of WASI preview 1: instantiate it, call _initialize once,
// then its functions, one at a time, for as long as the instance lives. It
// opens no files and starts nothing in the background. Of
// wasi_snapshot_preview1 it imports what Go's runtime needs, listed in
// imports.txt; a host may answer all but clock_time_get, random_get and
// fd_write with the error 8 (bad file), and proc_exit by throwing.
//
// # Calls
//
// Every number in the table is an i32, used unsigned, but u64. A message is an
// address in linear memory, valid until the next call; 0 says that the call
// failed, and then fault tells why. in(n) means: the n bytes written at the
// address that input gave.
//
//	abi()                            1, the version of this table
//	input(n)                         address of n bytes or more for the host to write; stays until input is called again
//	fault() message                  why the last call failed: tick 0, UTF-8 text
//	game(n, tick rate, rate) game    in: the game's name. Steps and snapshots a second; 0 keeps the game's own
//	schema(game) u64                 Schema.Hash, which must equal the welcome's, or nothing fits; 0 is no game
//	predict(game, player) match      a match that predicts for that player, empty until load
//	load(match, tick, n) message     in: a load. Replaces the state; answers with the player's own rows
//	step(match, n) message           in: a step; n 0 when nothing is new. Runs a tick; answers like load
//	all(match) message               the rows of everybody
//	hash(match) u64                  Sim.Hash
//	release(match)                   frees it; its number may be given again
//	replay(n) message                in: a recording (package game). Runs it and answers with the hashes; for tests
//
// Games and matches are numbers from 1; 0 says that the call failed. At most 64
// matches live at a time, and 64 games, where one at other rates is another.
// Memory may grow in any call, which detaches every ArrayBuffer the host has of it.
//
// # Bytes
//
// Little endian. Every part begins at a multiple of 8 from the beginning of
// its message, which itself is at a multiple of 8, so typed arrays fit; "pad"
// is up to the next multiple. A cell is an int64 as package game says: of a
// Real field the bits of a float64, else an integer, which of Fixed and Text
// fields is at most 2^53 and of Int fields what the game makes of it. Widths
// are the number of fields in the schema, those of the owner included; fields
// the host has not been sent are 0. Text cells count from 0 within their block,
// or command.
//
//	message  u32 size of what follows these 8 bytes | u32 tick | …
//	state    message of block …, one for each table in the schema's order
//	hashes   message of u64 …, the state after tick 1, 2, …; tick is the last one
//
//	load     i64 held input cells, width times | block …, as in state
//	block    u32 rows | u32 highest id ever given (0: that of the last row) | u32 texts | u32 size of texts with its pad
//	         i64 cells, rows × width, row by row
//	         u32 ids, ascending, rows times, pad
//	         texts: (u32 length | UTF-8) …, unaligned within, pad
//	step     u32 sequence number | u32 view tick or 0 | u32 inputs, 0 or 1 | u32 commands
//	         i64 input cells, width times, if inputs is 1
//	         command …
//	command  u32 kind | u32 texts | u32 size of texts with its pad | u32 0
//	         i64 cells, width times | texts, as in block
//
// After load the held input stays until a step brings another. Texts that are
// equal to those of the load before cost no memory.
//
// # Size
//
// See "make wasm".
package main

func main() {}
