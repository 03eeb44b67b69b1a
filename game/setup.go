package game

import "arbiter/game/sim"

// Setup is what a match was ordered with: the parameters of its game, and who
// is expected. Matches begun without an order have an empty one. Rules read it
// with [World.Setup]; it never changes and must not be changed. It is a struct of
//
//	Parameters Attributes
//	Roster     []Player // without numbers: players get theirs when they come
//
// and s.Check(seats) returns an error that names what a match of so many seats
// cannot be ordered with.
type Setup = sim.Setup

// Attributes are named values of a player or a match, without order: a slice of
// [Attribute], with three methods:
//
//	a.Number(name)  the number of that name; false if there is none
//	a.Text(name)    the text of that name; false if there is none
//	a.Check()       an error that names the first attribute that cannot be had
//
// All of one list take at most 768 bytes: 12 for each, and its name and text.
type Attributes = sim.Attributes

// Attribute is a number, or a text if Text is not empty. It is a struct of
//
//	Name   string
//	Number float64 // finite
//	Text   string
type Attribute = sim.Attribute
