package game

import "arbiter/game/sim"

// PlayerID is a seat's number within one match, from 1. It is a uint16. Zero is
// nobody: the owner of an unowned row, or a spectator.
type PlayerID = sim.PlayerID

// Player is what the rules are told of somebody who takes a seat. It is a struct
// of
//
//	ID   PlayerID
//	Name string // as the player's token says; at most 32 bytes of UTF-8
//	Team string // as the roster says; empty without one
//	Role string // as the roster says
//	Attributes Attributes // as the roster says; must not be changed
//
// Like the random source, Role and Attributes stay on the server: a client that
// predicts has neither.
type Player = sim.Player

// Area is the circle of the world that one player's client is sent, in the units
// of the rows' Position: a struct of X, Y and Radius, each a float64.
type Area = sim.Area

// Result ends a match; see [World.Finish]. It is a struct of
//
//	Reason string  // a short sentence for people
//	Scores []Score // best first
type Result = sim.Result

// Score is one player's part of a [Result]: a struct of
//
//	Player PlayerID
//	Points int
type Score = sim.Score
