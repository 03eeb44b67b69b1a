package core

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// Config describes what one seat's client knows beforehand.
type Config struct {
	// Schema is the game as this program has it. Nil uses the server's, which is
	// enough to follow a match and to send inputs.
	Schema *sim.Schema

	// Predictor makes the rules for a seat; nil predicts nothing. It needs
	// Schema.
	Predictor func(p game.PlayerID) sim.Prediction

	// Smooth is the half-life of error smoothing: after how long half of a
	// correction is drawn. 0 means 60 ms, negative draws corrections at once.
	Smooth time.Duration
}

const defaultSmooth = 60 * time.Millisecond

func (c *Config) fill() {
	if c.Smooth == 0 {
		c.Smooth = defaultSmooth
	}
}
