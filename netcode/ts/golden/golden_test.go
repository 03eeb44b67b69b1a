package golden

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/tag"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
	"arbiter/netcode/view"
)

var update = flag.Bool("update", false, "rewrite ../test/data; read the difference before committing it")

// recording is one player's side of a match.
type recording struct {
	Game      string     `json:"game"`
	Player    int        `json:"player"`
	Schema    string     `json:"schema"` // hex
	Inputs    []input    `json:"inputs"` // what the player did, in sequence
	Snapshots []snapshot `json:"snapshots"`
}

// input is an entry, or a command if it has texts or a kind above −1.
type input struct {
	Tick  game.Tick `json:"tick"`
	Kind  int       `json:"kind"`
	Cells []string  `json:"cells"`
	Texts []string  `json:"texts,omitempty"`
}

type snapshot struct {
	Hex    string  `json:"hex"`
	Tables []table `json:"tables,omitempty"` // of some
}

type table struct {
	IDs   []game.ID `json:"ids"`
	Cells []string  `json:"cells"`
	Texts []string  `json:"texts"`
}

const (
	player  = 1
	seconds = 12
	shown   = 15 // snapshots between two with tables
)

func TestGoldenStreams(t *testing.T) {
	for _, g := range []game.Definition{arena.Game, tag.Game} {
		check(t, g.Name()+".json", record(t, g))
	}
}

func TestGoldenCodes(t *testing.T) {
	type row struct {
		Code   int    `json:"code"`
		Text   string `json:"text"`
		Action string `json:"action"`
	}
	var rows []row
	for _, c := range netcode.Codes() {
		rows = append(rows, row{int(c.Code), c.Text, c.Action.String()})
	}
	check(t, "codes.json", rows)
}

func check(t *testing.T, file string, v any) {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	got := bytes.ReplaceAll(buf.Bytes(), []byte("},{"), []byte("},\n{"))
	path := filepath.Join("..", "test", "data", file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what the server sends now; run go test -run Golden -update and read the difference", path)
	}
}

// record plays a match of four and keeps what the first player is sent, with a
// check in every snapshot.
func record(t *testing.T, g game.Definition) recording {
	t.Helper()
	schema := g.Schema()
	sim := g.NewSim(7)
	script := gametest.NewScript(schema, gametest.ScriptConfig{Seed: 3, Players: 4, Stay: true})
	r := replicate.New(sim, replicate.Config{CheckEvery: time.Nanosecond})
	feed, v := r.NewFeed(player), view.New(schema, player)
	feed.Connect(0, false, 0)
	v.Connect(netcode.Fresh)
	layout := netcode.NewInputLayout(schema)
	var digest netcode.InputDigest
	held := make([]int64, len(schema.Input.Fields))
	rec := recording{Game: g.Name(), Player: player, Schema: hex.EncodeToString(netcode.AppendSchema(nil, schema))}
	every := schema.TickRate / schema.SnapshotRate
	for range seconds * schema.TickRate {
		in := script.Next()
		for _, x := range in.Inputs {
			if x.Player == player && !slices.Equal(x.Cells, held) { // a held input is not sent again
				held = slices.Clone(x.Cells)
				digest.Input(layout.Packing, x.Cells)
				rec.Inputs = append(rec.Inputs, input{sim.Tick() + 1, -1, text(x.Cells), nil})
			}
		}
		for _, c := range in.Commands {
			if c.Player == player {
				digest.Command(layout, c.Kind, layout.Fit(c.Kind, c.Row)) // as a client sends it
				rec.Inputs = append(rec.Inputs, input{sim.Tick() + 1, c.Kind, text(c.Row.Cells), c.Row.Texts})
			}
		}
		sim.Step(in)
		now := time.Duration(sim.Tick()) * time.Second / time.Duration(schema.TickRate)
		r.CollectEvents()
		if int(sim.Tick())%every != 0 {
			continue
		}
		r.Capture()
		if sent := feed.NewestSent(); sent != 0 {
			if err := feed.Ack(sent, now); err != nil {
				t.Fatal(err)
			}
		}
		status := replicate.SeatStatus{AckSeq: digest.Count, Applied: digest.Count, InputsHash: digest.Hash, HasSlack: true, Slack: 9}
		if r.Plan(feed, status, now) != replicate.Send {
			continue
		}
		b := feed.Append(nil)
		feed.Sent(len(b), now)
		if u, err := v.Apply(b); err != nil || u.Mismatch || !u.Checked {
			t.Fatalf("%s, tick %d: %+v, %v", g.Name(), sim.Tick(), u, err)
		}
		s := snapshot{Hex: hex.EncodeToString(b)}
		if len(rec.Snapshots)%shown == 0 {
			for _, block := range v.Frame().Tables {
				s.Tables = append(s.Tables, table{append([]game.ID{}, block.IDs...), text(block.Cells), append([]string{}, block.Texts...)})
			}
		}
		rec.Snapshots = append(rec.Snapshots, s)
	}
	if len(rec.Snapshots) < seconds*schema.SnapshotRate/2 || len(rec.Inputs) < seconds {
		t.Fatalf("%s: %d snapshots, %d inputs: nothing to see", g.Name(), len(rec.Snapshots), len(rec.Inputs))
	}
	return rec
}

// text writes cells as strings: JSON readers keep only 53 bits of a number.
func text(cells []int64) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strconv.FormatInt(c, 10)
	}
	return out
}
