package wasm

import (
	"fmt"
	"unsafe"

	"arbiter/game"
)

// The instance of this module. Its host makes one call at a time.
var (
	served  = New()
	in      []byte // what the host writes
	failure string // of the last call that failed
)

// Serve makes the rules of those games what the exported functions run. The
// module's main package calls it from an init function: its main is not run.
// It exists in builds for GOOS=wasip1 only.
func Serve(games ...game.Definition) { served = New(games...) }

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
func fault() uint32 { return address(served.Fault(failure)) }

//go:wasmexport game
func openGame(n, tickRate, rate uint32) uint32 {
	return number(func() (uint32, error) { return served.Game(string(written(n)), tickRate, rate) })
}

//go:wasmexport schema
func schema(game uint32) uint64 { return served.Schema(game) }

//go:wasmexport predict
func predict(game, player uint32) uint32 {
	return number(func() (uint32, error) { return served.Predict(game, player) })
}

//go:wasmexport begin
func begin(game, seedLow, seedHigh uint32) uint32 {
	return number(func() (uint32, error) { return served.Begin(game, uint64(seedHigh)<<32|uint64(seedLow)) })
}

//go:wasmexport load
func load(match, tick, n uint32) uint32 {
	return message(func() ([]byte, error) { return served.Load(match, tick, written(n)) })
}

//go:wasmexport step
func step(match, n uint32) uint32 {
	return message(func() ([]byte, error) { return served.Step(match, written(n)) })
}

//go:wasmexport all
func everything(match uint32) uint32 {
	return message(func() ([]byte, error) { return served.All(match) })
}

//go:wasmexport hash
func hash(match uint32) uint64 { return served.Hash(match) }

//go:wasmexport release
func release(match uint32) { served.Release(match) }
