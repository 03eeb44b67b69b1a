//go:build wasip1

package main

import (
	"fmt"
	"unsafe"

	"arbiter/cmd/rules-wasm/module"
	"arbiter/game/arena"
	"arbiter/game/tag"
)

// main is not run: the host calls what is exported.
func main() {}

var (
	all     = module.New(module.Of(arena.Game), module.Of(arena.Large), module.Of(arena.Uncompensated), module.Of(tag.Game))
	in      []byte // what the host writes
	failure string
)

// number runs a call that gives a number, and keeps what went wrong.
func number(call func() (uint32, error)) (n uint32) {
	defer func() {
		if r := recover(); r != nil {
			n, failure = 0, fmt.Sprint("rules: panic: ", r)
		}
	}()
	n, err := call()
	if err != nil {
		failure = err.Error()
		return 0
	}
	return n
}

// message runs a call that gives a message.
func message(call func() ([]byte, error)) uint32 {
	return number(func() (uint32, error) {
		b, err := call()
		return address(b), err
	})
}

func address(b []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

func written(n uint32) []byte { return in[:min(int(n), len(in))] }

//go:wasmexport abi
func abi() uint32 { return 1 }

//go:wasmexport input
func input(n uint32) uint32 {
	if int(n) > len(in) {
		in = make([]byte, max(n, 2*uint32(len(in)), 4096))
	}
	return address(in)
}

//go:wasmexport fault
func fault() uint32 { return address(all.Fault(failure)) }

//go:wasmexport game
func game(n, tickRate, rate uint32) uint32 {
	return number(func() (uint32, error) { return all.Game(string(written(n)), tickRate, rate) })
}

//go:wasmexport schema
func schema(game uint32) uint64 { return all.Schema(game) }

//go:wasmexport predict
func predict(game, player uint32) uint32 {
	return number(func() (uint32, error) { return all.Predict(game, player) })
}

//go:wasmexport begin
func begin(game, seedLow, seedHigh uint32) uint32 {
	return number(func() (uint32, error) { return all.Begin(game, uint64(seedHigh)<<32|uint64(seedLow)) })
}

//go:wasmexport load
func load(match, tick, n uint32) uint32 {
	return message(func() ([]byte, error) { return all.Load(match, tick, written(n)) })
}

//go:wasmexport step
func step(match, n uint32) uint32 {
	return message(func() ([]byte, error) { return all.Step(match, written(n)) })
}

//go:wasmexport all
func everything(match uint32) uint32 {
	return message(func() ([]byte, error) { return all.All(match) })
}

//go:wasmexport hash
func hash(match uint32) uint64 { return all.Hash(match) }

//go:wasmexport release
func release(match uint32) { all.Release(match) }
