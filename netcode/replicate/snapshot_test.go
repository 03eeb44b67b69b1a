package replicate

import (
	"encoding/hex"
	"errors"
	"flag"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/golden"
	"arbiter/netcode/netcodetest"
	"arbiter/netcode/view"
)

var update = flag.Bool("update", false, "rewrite ../testdata/golden; read the difference before committing it")

// duo is a match and one client that share memory instead of a link.
type duo struct {
	m    *game.Match[netcodetest.ProofState, netcodetest.ProofInput]
	r    *Replicator
	feed *Feed
	view *view.View
	now  time.Duration
	in   sim.TickInput
}

func newDuo(seed uint64) *duo {
	d := &duo{m: netcodetest.ProofOpen.New(seed), in: sim.TickInput{Joins: []game.Player{{ID: 1, Name: "one"}, {ID: 2, Name: "two"}}}}
	d.r = New(d.m, Config{})
	d.feed, d.view = d.r.NewFeed(1), view.New(netcodetest.ProofOpen.Schema(), 1)
	d.feed.Connect(0, false, 0)
	d.view.Connect(netcode.Fresh)
	return d
}

// tick steps the match and returns the client's snapshot, nil if there is none.
func (d *duo) tick() []byte {
	d.now += time.Second / 30
	d.m.Step(&d.in)
	d.in.Reset()
	d.in.Inputs = append(d.in.Inputs, sim.PlayerInput{Player: 1, Cells: []int64{1, 2, 1}})
	d.r.CollectEvents()
	d.r.Capture()
	if t := d.feed.NewestSent(); t != 0 {
		d.feed.Ack(t, d.now)
	}
	if d.r.Plan(d.feed, SeatStatus{AckSeq: uint32(d.m.Tick()), HasSlack: true, Slack: 7}, d.now) != Send {
		return nil
	}
	b := d.feed.Append(nil)
	d.feed.Sent(len(b), d.now)
	return b
}

// calm has the next snapshot tell the client to acknowledge half as often.
func (d *duo) calm() {
	d.feed.window.size = MaxWindow
	d.feed.checkTick = 1
}

// A snapshot cut short anywhere is refused and changes nothing.
//
// Hazards: truncated.
func TestSnapshotPrefixes(t *testing.T) {
	d := newDuo(3)
	for i := range 60 {
		if i == 45 {
			d.calm()
		}
		b := d.tick()
		before := d.view.Frame()
		for i := range b {
			if _, err := d.view.Apply(b[:i]); err == nil {
				t.Fatalf("tick %d: %d of %d bytes were applied", d.m.Tick(), i, len(b))
			}
			if d.view.Frame() != before {
				t.Fatal("a refused snapshot changed the view")
			}
		}
		u, err := d.view.Apply(b)
		if err != nil {
			t.Fatal(err)
		}
		if u.AckSeq != uint32(d.m.Tick()) || u.Slack != 7 || u.Tick != d.m.Tick() {
			t.Fatalf("tick %d: got %+v", d.m.Tick(), u)
		}
		if got, want := has(d.view), netcodetest.Shown(d.m, 1); got != want {
			t.Fatalf("tick %d: got\n%s\nwant\n%s", d.m.Tick(), got, want)
		}
	}
}

// A view that went wrong is found out by the next check and mended by one
// keyframe.
//
// Hazards: row ids.
func TestMismatchHeals(t *testing.T) {
	d := newDuo(4)
	for range 40 {
		if _, err := d.view.Apply(d.tick()); err != nil {
			t.Fatal(err)
		}
	}
	d.view.Frame().Tables[4].Cells[0] += 9 // the number of the round
	found := 0
	for i := range 40 {
		u, err := d.view.Apply(d.tick())
		if err != nil {
			t.Fatal(err)
		}
		if !u.Mismatch {
			continue
		}
		found = i + 1
		if err := d.feed.Ack(0, d.now); err != nil {
			t.Fatal(err)
		}
		if u, err = d.view.Apply(d.tick()); err != nil || !u.Keyframe || u.Mismatch {
			t.Fatalf("after asking: %+v, %v", u, err)
		}
		if got, want := has(d.view), netcodetest.Shown(d.m, 1); got != want {
			t.Fatalf("after the keyframe: got\n%s\nwant\n%s", got, want)
		}
	}
	if n := d.feed.Stats().Keyframes; found == 0 || n != [keyframeReasons]uint64{KeyframeJoin: 1, KeyframeAsked: 1} {
		t.Errorf("found at tick %d, keyframes %v; want one for the join and one asked for", found, n)
	}
}

func TestKeyframeIsGrantedOnceASecond(t *testing.T) {
	d := newDuo(4)
	for range 60 { // two seconds
		d.tick()
		d.feed.Ack(0, d.now)
	}
	if n := d.feed.Stats().Keyframes[KeyframeAsked]; n != 2 {
		t.Errorf("%d keyframes granted in two seconds, want 2", n)
	}
}

// Acks of what was never sent, in every shape, are refused and harmless.
//
// Hazards: acks.
func TestAckNeverSent(t *testing.T) {
	d := newDuo(5)
	for range 30 {
		d.tick()
	}
	for _, tick := range []game.Tick{31, 1 << 31, 1<<32 - 1} {
		if err := d.feed.Ack(tick, d.now); !errors.Is(err, ErrNeverSent) {
			t.Errorf("ack of tick %d: %v, want ErrNeverSent", tick, err)
		}
	}
	for range 2 {
		if err := d.feed.Ack(d.feed.NewestSent(), d.now); err != nil {
			t.Errorf("an ack, said once or twice: %v", err)
		}
	}
}

func TestGoldenSnapshots(t *testing.T) {
	d := newDuo(6)
	var cases []golden.Case
	for i := range 40 {
		if i == 20 {
			d.in.Leaves = append(d.in.Leaves, 2)
		}
		if i == 35 {
			d.calm()
		}
		if i == 30 { // a resumed connection
			d.view.Connect(d.feed.Connect(d.view.Frame().Tick, true, d.now))
		}
		b := d.tick()
		u, err := d.view.Apply(b)
		if err != nil {
			t.Fatal(err)
		}
		type table struct {
			IDs   []game.ID
			Cells []string
			Texts []string
		}
		events := []any{}
		for _, e := range u.Events {
			events = append(events, map[string]any{"kind": e.Kind, "tick": e.Tick, "cells": cellsAsText(e.Row.Cells), "texts": append([]string{}, e.Row.Texts...)})
		}
		var tables []table
		for _, t := range d.view.Frame().Tables {
			tables = append(tables, table{t.IDs, cellsAsText(t.Cells), t.Texts})
		}
		cases = append(cases, golden.Case{Name: "snapshot", On: "proof", Hex: hexOf(b), Fields: map[string]any{
			"resumed": i == 30, "tick": u.Tick, "keyframe": u.Keyframe, "ackSeq": u.AckSeq, "slack": u.Slack, "checked": u.Checked, "ackEvery": u.AckEvery,
			"mismatch": u.Mismatch, "events": events, "tables": tables, "sum": d.view.StateHash(),
		}})
	}
	schema := netcode.AppendSchema(nil, netcodetest.ProofOpen.Schema())
	cases = append([]golden.Case{{Name: "schema", On: "proof", Hex: hexOf(schema), Fields: nil}}, cases...)
	golden.Check(t, filepath.Join("..", "testdata", "golden", "snapshot.json"), cases, *update)
}

// has is what a client's newest frame holds, as text.
func has(v *view.View) string {
	return netcodetest.Has(netcodetest.ProofOpen, v.Frame().Tick, v.Frame().Tables)
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// cellsAsText writes cells as strings: JSON readers keep only 53 bits of a
// number.
func cellsAsText(cells []int64) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strconv.FormatInt(c, 10)
	}
	return out
}

// A connected client that is behind by more than the whole event log is closed
// as slow; the log stays bounded.
func TestEventLogIsBounded(t *testing.T) {
	d := newDuo(7)
	d.tick()
	closed := false
	for range 6000 {
		d.m.Step(&d.in)
		d.in.Reset()
		d.in.Inputs = append(d.in.Inputs, sim.PlayerInput{Player: 1, Cells: []int64{0, 0, 1}})
		d.r.CollectEvents()
		d.r.Capture()
		if d.r.Plan(d.feed, SeatStatus{}, d.now) == CloseSlow { // the clock stands: only events can do it
			closed = true
			break
		}
	}
	if n := d.r.events.next - d.r.events.first; !closed || n != maxEvents {
		t.Errorf("closed %v with %d events in the log, want %d", closed, n, maxEvents)
	}
}
