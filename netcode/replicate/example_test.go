package replicate_test

import (
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
	"arbiter/netcode/view"
)

type walkState struct {
	Walkers game.Table[walker]
}

type walker struct {
	Player game.PlayerID
	X      int
}

type walkInput struct {
	Step int8 `net:"min=-1,max=1"`
}

type walkRules struct{}

func (walkRules) Join(w *game.World[walkState], p game.Player) {
	w.State.Walkers.Add(walker{Player: p.ID})
}

func (walkRules) Leave(*game.World[walkState], game.PlayerID) {}

func (walkRules) Step(w *game.World[walkState], in *game.Inputs[walkInput]) {
	for _, k := range w.State.Walkers.All() {
		k.X += int(in.Of(k.Player).Step)
	}
}

// A match and one client, stepped by hand: the client's input goes through its
// buffer into the match, and the state comes back as a keyframe and differences.
func Example() {
	g := game.MustDefine("walk", walkRules{}, game.Config{TickRate: 20})
	match := g.New(1)
	r := replicate.New(match, replicate.Config{})
	buffer := replicate.NewInputBuffer(netcode.NewInputLayout(g.Schema()), 0, netcode.InputDigest{})
	feed, client := r.NewFeed(1), view.New(g.Schema(), 1)
	client.Connect(feed.Connect(0, false, 0))

	in := sim.TickInput{Joins: []game.Player{{ID: 1, Name: "ann"}}}
	for tick := game.Tick(1); tick <= 4; tick++ {
		now := time.Duration(tick) * time.Second / 20
		if tick == 2 { // an input arrives, for tick 3, and is held
			buffer.Add(netcode.Entry{Seq: 1, Tick: 3, Cells: []int64{1}}, match.Tick(), 50*time.Millisecond)
		}
		buffer.Due(tick, 1, &in)
		match.Step(&in)
		in.Reset()
		r.CollectEvents()
		r.Capture()
		if r.Plan(feed, replicate.SeatStatus{AckSeq: buffer.LastApplied()}, now) != replicate.Send {
			fmt.Println("tick", tick, "nothing to send")
			continue
		}
		msg := feed.Append(nil)
		feed.Sent(len(msg), now)

		u, err := client.Apply(msg)
		if err != nil {
			fmt.Println(err)
			return
		}
		walkers := client.Frame().Tables[0]
		fmt.Printf("tick %d %x keyframe %v, input %d applied, x %d\n", u.Tick, msg, u.Keyframe, u.AckSeq, walkers.Row(0)[1])
		if err := feed.Ack(u.Tick, now); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// tick 1 9911010000c0c09090950001000100 keyframe true, input 0 applied, x 0
	// tick 2 nothing to send
	// tick 3 9711c00201c0c09400010231 keyframe false, input 1 applied, x 1
	// tick 4 9711c00100c0c09400010231 keyframe false, input 1 applied, x 2
}
