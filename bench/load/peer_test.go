package load

import (
	"encoding/json"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// TestPeer checks what a client of a peer says, and what it makes of states
// that are missing, come again, or stand still.
func TestPeer(t *testing.T) {
	type ship struct {
		ID int     `json:"id" msgpack:"id"`
		X  float64 `json:"x" msgpack:"x"`
	}
	type state struct {
		Tick  uint32 `json:"tick" msgpack:"tick"`
		Ships []ship `json:"ships" msgpack:"ships"`
	}
	for _, isJSON := range []bool{true, false} {
		encode, decode := msgpack.Marshal, msgpack.Unmarshal
		if isJSON {
			encode, decode = json.Marshal, json.Unmarshal
		}
		p := (&Peers{JSON: isJSON, Sample: 1}).Seat(0)
		var in map[string]int
		if err := decode(p.Open(nil), &in); err != nil || in["seq"] != 1 || len(in) != 3 {
			t.Errorf("json %v: input %v, %v", isJSON, in, err)
		}
		var f Faults
		var said []Said
		for _, tick := range []uint32{300, 301, 301, 304, 305} {
			b, err := encode(state{tick, []ship{{1, min(float64(tick), 304)}}})
			if err != nil {
				t.Fatal(err)
			}
			said = append(said, p.Message(0, b, &f))
		}
		if want := (Faults{Lost: 2, Repeated: 1, Mismatched: 1, Checks: 4}); f != want || said[0] != Seated || said[4] != Snapshot {
			t.Errorf("json %v: %+v, want %+v; %v", isJSON, f, want, said)
		}
		if p.Message(0, []byte("nonsense"), &f); f.Corrupted != 1 {
			t.Errorf("json %v: nonsense was taken", isJSON)
		}
	}
}
