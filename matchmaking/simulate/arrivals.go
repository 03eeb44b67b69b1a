package simulate

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"arbiter/matchmaking"
)

// Arrivals are tickets in the order of their arrival; Created is since the
// simulation began.
type Arrivals interface {
	// Next returns io.EOF after the last ticket.
	Next() (matchmaking.Ticket, error)
}

// Open opens arrivals by their description: "poisson:…" (see [Poisson]), or
// the path of a file that ends in .csv, .jsonl or .ndjson. Close it.
func Open(description string, r matchmaking.Rules) (Arrivals, io.Closer, error) {
	if spec, ok := strings.CutPrefix(description, "poisson:"); ok {
		p, err := ParsePoisson(spec)
		if err != nil {
			return nil, nil, err
		}
		return p.Arrivals(r), io.NopCloser(nil), nil
	}
	file, err := os.Open(description)
	if err != nil {
		return nil, nil, fmt.Errorf("simulate: arrivals are poisson:… or a file: %w", err)
	}
	switch ext := filepath.Ext(description); ext {
	case ".csv":
		rows, err := ReadCSV(file, r)
		if err != nil {
			_ = file.Close()
			return nil, nil, fmt.Errorf("simulate: %s: %w", description, err)
		}
		return rows, file, nil
	case ".jsonl", ".ndjson":
		return ReadJSONLines(file), file, nil
	default:
		_ = file.Close()
		return nil, nil, fmt.Errorf("simulate: %s: arrivals in %q are not read: name the file .csv or .jsonl", description, ext)
	}
}

// inOrder checks that arrivals are in the order of time.
type inOrder struct{ last time.Duration }

func (o *inOrder) check(at float64) (time.Duration, error) {
	if !(at >= 0) || at > 1e9 {
		return 0, fmt.Errorf("at %v: write seconds since the start, 0 or more", at)
	}
	d := time.Duration(at * float64(time.Second))
	if d < o.last {
		return 0, fmt.Errorf("at %v comes after %v: sort the file by time", at, o.last.Seconds())
	}
	o.last = d
	return d, nil
}
