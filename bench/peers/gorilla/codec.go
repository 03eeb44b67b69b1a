package main

import (
	"encoding/json"

	"github.com/vmihailenco/msgpack/v5"
)

// State is the full state, as every client gets it in every tick.
type State struct {
	Tick  uint32 `json:"tick" msgpack:"tick"`
	Ships []Ship `json:"ships" msgpack:"ships"`
}

// Ship is a player's.
type Ship struct {
	ID    int     `json:"id" msgpack:"id"`
	X     float64 `json:"x" msgpack:"x"`
	Y     float64 `json:"y" msgpack:"y"`
	Angle float64 `json:"angle" msgpack:"angle"`
}

// Input is what a player does.
type Input struct {
	Seq    uint32 `json:"seq" msgpack:"seq"`
	Thrust int8   `json:"thrust" msgpack:"thrust"`
	Turn   int8   `json:"turn" msgpack:"turn"`
}

type codec struct {
	kind   int // of WebSocket message
	encode func(any) ([]byte, error)
	decode func([]byte, any) error
}

var codecs = map[string]codec{
	"json":    {1, json.Marshal, json.Unmarshal},
	"msgpack": {2, msgpack.Marshal, msgpack.Unmarshal},
}
