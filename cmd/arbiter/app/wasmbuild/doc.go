// Package wasmbuild compiles the rules of games for browsers: what "arbiter
// wasm" does.
//
// [Build] takes packages of any module that can import Arbiter. Their games are
// the exported variables whose type is *game.Game or game.Definition, or a slice
// of either. It writes three files, whose names change with the rules:
//
//	rules-HASH.wasm.gz   the module that package wasm describes, compressed by gzip
//	rules-HASH.wasm.br   the same by brotli, a sixth smaller
//	rules-HASH.json      its games by name and the hash of their schema: a [Manifest]
//
// The go command compiles them with a main package that exists only in an
// overlay (go help build, -overlay), so nothing is written into the module. To
// learn which variables are games it first builds a program of the same packages
// for this machine, and runs it.
package wasmbuild
