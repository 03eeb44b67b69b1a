// Package golden compares what tests write with the files in netcode/testdata/golden,
// which the tests of clients in other languages read too.
package golden

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// Case is one case of a file. Cases with On are messages of one connection of the schema
// of that name, in their order.
type Case struct {
	Name   string `json:"name"`
	On     string `json:"on,omitempty"`
	Hex    string `json:"hex"`
	Fields any    `json:"fields"`
}

// Check compares the cases with the file, or rewrites it if update is true.
func Check(t *testing.T, path string, cases []Case, update bool) {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	buf.WriteString("[\n")
	for i, c := range cases { // one line a case keeps differences readable
		if i > 0 {
			buf.Truncate(buf.Len() - 1)
			buf.WriteString(",\n")
		}
		if err := enc.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	buf.WriteString("]\n")
	if update {
		if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(buf.Bytes(), want) {
		got, had := bytes.Split(buf.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
		i := 0
		for i < min(len(got), len(had))-1 && bytes.Equal(got[i], had[i]) {
			i++
		}
		t.Errorf("%s differs from what the code writes; run go test -run Golden -update and read the difference.\nline %d is %.300s\nwant    %.300s", path, i+1, got[i], had[i])
	}
}
