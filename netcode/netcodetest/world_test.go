package netcodetest

import (
	"encoding/binary"
	"testing"
)

func TestLeaksFinds(t *testing.T) {
	encode := func(v int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(v)) }
	if Leaks(encode(hidden+2), 1) == "" || Leaks([]byte("xnote-of-2"), 1) == "" || Leaks(encode(mineSpot+1), 2) == "" {
		t.Fatal("planted values are not found")
	}
	if Leaks(encode(ownCode+1), 1) != "" {
		t.Fatal("an own value is taken for a leak")
	}
}
