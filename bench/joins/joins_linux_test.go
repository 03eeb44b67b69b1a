package joins

import (
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"arbiter/bench"
	"arbiter/bench/workload"
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"go.uber.org/goleak"
)

// asHall makes the test's binary be a server that seats so many at a time.
const asHall = "BENCH_JOINS_HALL"

func TestMain(m *testing.M) {
	if text := os.Getenv(asHall); text != "" {
		if err := serveHall(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// hall seats nobody before size clients have said hello, and then all of them.
type hall struct {
	size    int
	welcome []byte
	state   []byte // a first snapshot

	mu      sync.Mutex
	waiting []net.Conn // guarded by mu
}

func serveHall(text string) error {
	size, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	g, err := workload.At(10, workload.Rate)
	if err != nil {
		return err
	}
	s, m := g.Schema(), g.NewSim(1)
	rep := replicate.New(m, replicate.Config{})
	feed := rep.NewFeed(1)
	m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}}})
	rep.CollectEvents()
	rep.Capture()
	feed.Connect(0, false, 0)
	if plan := rep.Plan(feed, replicate.SeatStatus{}, 0); plan != replicate.Send {
		return fmt.Errorf("no first snapshot: %v", plan)
	}
	h := &hall{size: size, state: feed.Append(nil)}
	h.welcome = netcode.Welcome{Version: netcode.Version, Player: 1, Tick: m.Tick(), TickRate: s.TickRate, SnapshotRate: s.SnapshotRate, AckEvery: rep.AckEvery()}.Append(nil)
	l, err := net.Listen("tcp4", os.Args[slices.Index(os.Args, "--addr")+1])
	if err != nil {
		return err
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go h.serve(conn) // until the process is stopped
	}
}

func (h *hall) serve(conn net.Conn) {
	defer conn.Close()
	if _, err := ws.Upgrade(conn); err != nil {
		return // who looks whether anybody listens
	}
	if msg, _, err := wsutil.ReadClientData(conn); err != nil || netcode.KindOf(msg) != netcode.KindHello {
		return
	}
	h.seat(conn)
	_, _, _ = wsutil.ReadClientData(conn) // until it leaves
}

func (h *hall) seat(conn net.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiting = append(h.waiting, conn); len(h.waiting) < h.size {
		return
	}
	for _, c := range h.waiting {
		_ = wsutil.WriteServerBinary(c, h.welcome)
		_ = wsutil.WriteServerBinary(c, h.state)
	}
	h.waiting = h.waiting[:0]
}

// TestAtOnce joins a server that seats nobody before as many want to join as are
// to be under way at a time: more than a fleet dials at once unless it is told to.
func TestAtOnce(t *testing.T) {
	const n = 100
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(asHall, strconv.Itoa(n))
	s := bench.Quietly(bench.Common{ServerCommand: []string{self}}, io.Discard)
	d, err := Run(t.Context(), s, Options{Players: 10, AtOnce: []int{n}, For: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := d.Result.([]Result)
	if len(list) != 1 || list[0].AtOnce != n || list[0].Joins == 0 || list[0].Took.P50 <= 0 || len(list[0].Errors) > 0 {
		t.Errorf("%+v", list)
	}
}
