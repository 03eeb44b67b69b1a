package transport

import (
	"bytes"
	"fmt"
	"testing"
)

// TestRecords: cut anywhere, a stream is handed out record by record.
func TestRecords(t *testing.T) {
	record := func(n int) []byte { return append([]byte{23, 3, 3, byte(n >> 8), byte(n)}, make([]byte, n)...) }
	stream := bytes.Join([][]byte{record(0), record(1), record(300), record(7)}, nil)
	ends := []int{5, 11, 316, 328}
	for cut := range stream {
		var r records
		var got []int
		at := 0
		for _, piece := range [][]byte{stream[:cut], stream[cut:]} {
			for len(piece) > 0 {
				one := r.one(piece)
				r.advance(one)
				piece = piece[len(one):]
				if at += len(one); r.boundary() {
					got = append(got, at)
				}
				if len(one) == 0 {
					t.Fatalf("cut at %d: nothing handed out at %d", cut, at)
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(ends) {
			t.Errorf("cut at %d: records end at %v, want %v", cut, got, ends)
		}
	}
}
