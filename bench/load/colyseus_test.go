package load

import (
	"encoding/hex"
	"testing"
)

// What a Colyseus 0.18 server sent to the second of two players: its schema,
// the state, a patch in which the table changes, one in which both ships move,
// and one in which one of them does not.
const (
	sentJoin  = "0a093868796443416e31"
	sentState = "0e8101ff018000a9426171332d5870766202ff028026c84a4381e1d01b44822aa08240"
	sentTable = "0f8002000000ff018005a97953645550566c7164ff0780000880010980020a"
	sentBoth  = "0f8003000000ff0280cc680643818f6304448250efed3fff0380648" + "6fd4281065f40448234a9a340"
	sentOne   = "0f8005000000ff0280cc680643818f6304448250efed3f"
)

func sent(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestColyseus plays through the beginning of a match.
func TestColyseus(t *testing.T) {
	s := (&Colyseus{Sample: 1}).Seat(0)
	var f Faults
	if b := s.Open(nil); len(b) != 0 {
		t.Errorf("it speaks first: %x", b)
	}
	if said := s.Message(0, sent(t, sentJoin), &f); said != Asked {
		t.Errorf("the schema is %v", said)
	}
	if b := s.(Answering).Answer(nil); hex.EncodeToString(b) != "0a" {
		t.Errorf("answer %x", b)
	}
	if b := s.Input(nil); len(b) != 0 {
		t.Errorf("it plays before there is a state: %x", b)
	}
	for i, step := range []struct {
		msg  string
		said Said
		want Faults
	}{
		{sentState, Seated, Faults{}},
		{sentTable, Snapshot, Faults{}},
		{sentBoth, Snapshot, Faults{Checks: 1}},
		{sentBoth, Nothing, Faults{Checks: 1, Repeated: 1}},
		{sentOne, Snapshot, Faults{Checks: 2, Repeated: 1, Lost: 1, Mismatched: 1}},
		{"0f8006000000ff0280cc", Snapshot, Faults{Checks: 2, Repeated: 1, Lost: 1, Mismatched: 1, Corrupted: 1}},
		{"0f80", Nothing, Faults{Checks: 2, Repeated: 1, Lost: 1, Mismatched: 1, Corrupted: 2}},
	} {
		if said := s.Message(0, sent(t, step.msg), &f); said != step.said || f != step.want {
			t.Errorf("message %d: %v, %+v; want %v, %+v", i, said, f, step.said, step.want)
		}
	}
	b := hex.EncodeToString(s.Input(nil))
	if want := "0da5696e70757482a6746872757374"; b[:len(want)] != want {
		t.Errorf("input %s, want %s…", b, want)
	}
}
