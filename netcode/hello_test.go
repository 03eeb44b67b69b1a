package netcode

import (
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"arbiter/game"
)

var someID = ResumeID{0: 1, 7: 0xff, 15: 0x10}

// hexOrNil is how golden files show binary: null is none.
func hexOrNil(p []byte) any {
	for _, c := range p {
		if c != 0 {
			return hex.EncodeToString(p)
		}
	}
	return nil
}

// hashOrNil is how golden files show a schema's hash.
func hashOrNil(h uint64) any {
	if h == 0 {
		return nil
	}
	return fmt.Sprintf("%016x", h)
}

var helloMessage = message[Hello]{
	kind:   KindHello,
	append: func(h Hello) []byte { return h.Append(nil) },
	parse:  ParseHello,
	fields: func(h Hello) any {
		return map[string]any{
			"version": h.Version, "schemaHash": hashOrNil(h.SchemaHash), "resume": hexOrNil(h.Resume[:]),
			"lastTick": h.LastTick, "needSchema": h.NeedSchema,
		}
	},
	need: 2,
}

func TestGoldenHello(t *testing.T) {
	helloMessage.golden(t, []named[Hello]{
		{"first visit", Hello{Version: Version}},
		{"knows the schema", Hello{Version: Version, SchemaHash: 0x0123456789abcdef}},
		{"resumes", Hello{Version: Version, SchemaHash: 1, Resume: someID, LastTick: 70_000}},
		{"resumes without state", Hello{Version: Version, SchemaHash: 1 << 63, Resume: someID, NeedSchema: true}},
		{"last tick there is", Hello{Version: Version, Resume: someID, LastTick: game.Tick(1<<32 - 1)}},
	})
}

func TestHelloOfAnotherVersionTellsItsVersion(t *testing.T) {
	h, err := ParseHello(unhex(t, "95 01 cd0102 a16e 81a16bc0 00"))
	if err != nil || h != (Hello{Version: 258}) {
		t.Fatalf("got %+v, %v", h, err)
	}
}

// Hazards: truncated.
func TestHelloRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		want error
	}{
		"no array":               {"01", ErrType},
		"a map":                  {"8101c0", ErrType},
		"no items":               {"90", ErrTruncated},
		"version as text":        {"9201a131", ErrType},
		"negative version":       {"9201ff", ErrRange},
		"version beyond 16 bits": {"9201ce00010000", ErrRange},
		"hash of 7 bytes":        {"930101 c40701020304050607", ErrRange},
		"hash of 9 bytes":        {"930101 c409010203040506070809", ErrLimit},
		"hash as an integer":     {"930101 05", ErrType},
		"resume id of 15 bytes":  {"940101c0 c40f 000102030405060708090a0b0c0d0e", ErrRange},
		"resume id as text":      {"940101c0 a0", ErrType},
		"tick beyond 32 bits":    {"950101c0c0 cf0000000100000000", ErrRange},
		"tick as a float":        {"950101c0c0 cb3ff0000000000000", ErrType},
		"65 items":               {"dc0041 01 01" + fmt.Sprintf("%0126d", 0), ErrLimit},
		"4 billion items":        {"ddffffffff 01 01", ErrLimit},
	} {
		if h, err := ParseHello(unhex(t, c.hex)); !errors.Is(err, c.want) || h != (Hello{}) {
			t.Errorf("%s: %+v, %v; want %v", name, h, err, c.want)
		}
	}
}

func TestParseErrorNamesThePlace(t *testing.T) {
	_, err := ParseHello(unhex(t, "9201ff"))
	wants(t, "text", err.Error(), "netcode: hello message, byte 2: value is out of range")
}

func FuzzHello(f *testing.F) { helloMessage.fuzz(f, "hello.json") }
