package game

import "arbiter/game/sim"

// Tick counts the steps of one match: tick 0 is the state before the first
// step, tick n the state after the n-th. It is a uint32, which at 128 Hz lasts
// 388 days, and has two methods:
//
//	t.Sub(u)     t-u in ticks, an int; negative when t is before u
//	t.Before(u)  whether t comes before u
type Tick = sim.Tick

// ID names a row within one table. It is a uint32. Ids ascend in order of
// creation, start at 1 and are never used again within a match.
type ID = sim.ID
