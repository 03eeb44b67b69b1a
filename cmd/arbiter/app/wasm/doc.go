// Package wasm is the rules of games for the browser: the code of one
// WebAssembly module that predicts by the functions that the server runs.
//
// "arbiter wasm PACKAGE" compiles it with the games that a package exports; see
// package wasmbuild. What it compiles is a main package of a few lines that
// hands those games to Serve, which exists for GOOS=wasip1 only.
//
// The module is a reactor of WASI preview 1: instantiate it, call _initialize
// once, then its functions, one at a time, for as long as the instance lives. It
// opens no files and starts nothing in the background. What it imports from
// wasi_snapshot_preview1 is what Go's runtime needs. A host without WASI answers
//
//	clock_time_get(id, precision, at)     u64 nanoseconds at at; 0
//	random_get(at, n)                     n random bytes at at; 0
//	fd_write(fd, iovs, n, at)             the runtime's last words, if fd is 2; u32 bytes taken at at; 0
//	args_sizes_get, environ_sizes_get(a, b)   u32 0 at a and at b; 0
//	args_get, environ_get, poll_oneoff, sched_yield   0
//	fd_prestat_get, fd_prestat_dir_name, fd_close, fd_fdstat_get, fd_fdstat_set_flags   8, bad file
//	proc_exit                             throws; the instance is dead
//
// # Calls
//
// Every number in the table is an i32, used unsigned, but u64. A message is an
// address in linear memory, valid until the next call; 0 says that the call
// failed, and then fault tells why. in(n) means: the n bytes written at the
// address that input gave.
//
//	abi()                            1, the version of this table
//	input(n)                         address of n bytes or more for the host to write; good until input is called again
//	fault() message                  why the last call failed: tick 0, UTF-8 text
//	game(n, tick rate, rate) game    in: the game's name. Steps and snapshots a second; 0 keeps the game's own
//	schema(game) u64                 Schema.Hash, which must equal the welcome's, or nothing fits; 0 is no such game
//	predict(game, player) match      a match that runs ahead for that player, empty until load
//	load(match, tick, n) message     in: a load. Replaces the state; answers with the state of the player's own rows
//	step(match, n) message           in: a step, or nothing if n is 0. Runs a tick; answers like load
//	all(match) message               the state of everybody's rows
//	hash(match) u64                  Sim.Hash; 0 is no such match
//	release(match)                   frees it; its number may be given again
//	begin(game, low, high) match     a match of its own from a seed of two halves, where step answers like all
//
// Games and matches are numbers from 1; 0 says that the call failed. At most 64
// matches live at a time, and 64 games, where one at other rates is another.
// Memory may grow in any call, which detaches every ArrayBuffer the host has of
// it.
//
// # Bytes
//
// Little endian. Every part begins at a multiple of 8 from the beginning of
// its message, which itself is at a multiple of 8, so typed arrays fit; "pad"
// is up to the next multiple. A cell is an int64 as package game says: of a
// Real field the bits of a float64, else an integer, which of Fixed fields is
// at most 2^53 either way and of Int fields what the game makes of it. Widths
// are the number of fields in the schema, those of the owner included; fields
// the host has not been sent are 0. Text cells count from 0 within their block
// or command.
//
//	message  u32 size of what follows these 8 bytes | u32 tick | …
//	state    a message of block …, one for each table in the schema's order;
//	         of tables whose rows belong to nobody, "own rows" are none
//
//	load     i64 held input cell, width times | block …, as in state
//	block    u32 rows | u32 highest id ever given, or 0 for the last row's | u32 texts | u32 size of texts, with pad
//	         i64 cell, rows × width times, row by row
//	         u32 id, rows times, ascending | pad
//	         texts: (u32 length | UTF-8) … | pad
//
//	step     u32 leaves | u32 joins | u32 inputs | u32 commands; a prediction needs the last two only
//	         leave:   u32 player | u32 0
//	         join:    u32 player | u32 size of name | u32 size of team | u32 0 | name | team | pad
//	         input:   u32 player | u32 sequence number | u32 view tick or 0 | u32 0 | i64 cell, width times
//	         command: u32 player | u32 kind | u32 texts | u32 size of texts, with pad | i64 cell, width times | texts | pad
//
// The held input stays until a step brings another. Texts equal to those of the
// load before, and steps without commands, cost no memory.
//
// # Size and speed
//
// Of Go 1.26, in thousands of bytes, compressed by gzip -9:
//
//	                                        plain   gzip
//	as it is                                 3369    929   (brotli 698)
//	an empty module: Go's runtime            1816    543   (brotli 421)
//	with package regexp, which game avoids   3894   1060
//	without fmt, by an empty stand-in        3030    840
//	without inlining (-gcflags=all=-l)        +9 %  -3 %    steps take 1.7 times as long
//	without bounds checks (-gcflags=all=-B)   -4 %  -4 %    unsafe
//	wasm-opt -Oz of binaryen                  -5 %  -0.7 %  a tool more to install
//	GOEXPERIMENT=nogreenteagc                -1 %   -1 %    another collector
//
// So -ldflags="-s -w" is all that is done. In a match of arena with 16 ships a
// load takes about 20 µs and a step 13 µs in V8 (node bench.mjs), 90 and 65 µs in
// wazero, and 5 µs each without WebAssembly (go test -bench .), beside
// other work on a machine with two cores. An instance starts in 20 ms once the
// module is compiled, and keeps to 4.5 MiB of memory.
package wasm
