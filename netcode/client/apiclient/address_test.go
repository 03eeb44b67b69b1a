package apiclient

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// TestAddresses: the client for browsers reads the same table.
func TestAddresses(t *testing.T) {
	text, err := os.ReadFile("../../testdata/addresses.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ Address, API, Play string }
	if err := json.Unmarshal(text, &rows); err != nil || len(rows) == 0 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows {
		got, err := ParseAddress(row.Address)
		if err != nil {
			t.Errorf("%s: %v", row.Address, err)
			continue
		}
		if got.API.String() != row.API || got.Play.String() != row.Play {
			t.Errorf("%s: API %s, play %s; want %s and %s", row.Address, got.API, got.Play, row.API, row.Play)
		}
	}
	for _, wrong := range []string{"", "host", "host:8080", "ftp://host", "ws:///play", "https://", "://", "ws://a b"} {
		if got, err := ParseAddress(wrong); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v, %v", wrong, got, err)
		}
	}
}
