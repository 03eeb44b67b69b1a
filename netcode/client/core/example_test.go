package core_test

import (
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/tag"
	"arbiter/netcode/client/clienttest"
	"arbiter/netcode/client/core"
)

// A seat is driven by hand against a server in memory, for two seconds of
// virtual time.
func Example() {
	server := clienttest.NewServer(tag.Game, 1)
	m := core.NewMirror(tag.Game, true, 0)
	seat := m.Seat()
	core.OnAdded(m, func(s *tag.State) *game.Table[tag.Runner] { return &s.Runners }, func(game.ID, *tag.Runner) {
		fmt.Println("a runner has appeared")
	})

	now := time.Duration(0)
	conn := server.Open(func(now time.Duration, msg []byte) { // a message to the client
		if _, err := m.Receive(now, msg); err != nil {
			fmt.Println(err)
		}
	})
	conn.Receive(now, seat.Hello(now, nil))
	m.Set(tag.Input{X: 1})
	for ; now < 2*time.Second; now += time.Millisecond {
		server.Step(now)
		seat.Advance(now)
		for msg, more := seat.Next(now, nil); more; msg, more = seat.Next(now, nil) {
			conn.Receive(now, msg)
		}
	}

	st := seat.Stats()
	fmt.Println("player", seat.Player(), "sent", st.InputsSent, "and the server applied", st.InputsApplied)
	fmt.Println("ahead of the server:", seat.Frame().Tick.Before(seat.Tick()))
	fmt.Println("corrections:", st.Corrections, "errors:", len(server.Errors))
	// Output:
	// a runner has appeared
	// player 1 sent 1 and the server applied 1
	// ahead of the server: true
	// corrections: 0 errors: 0
}
