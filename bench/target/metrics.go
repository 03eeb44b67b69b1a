package target

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Metrics are a server's figures at one moment, by their name and labels as
// they are written: `arbiter_ticks_total{game="arena"}`.
type Metrics map[string]float64

// Metrics asks the server for its figures.
func (p *Process) Metrics(ctx context.Context) (Metrics, error) {
	page, err := p.ask(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	m := Metrics{}
	lines := bufio.NewScanner(bytes.NewReader(page))
	for lines.Scan() {
		name, value, ok := cutLast(lines.Text())
		if v, err := strconv.ParseFloat(value, 64); ok && err == nil && name[0] != '#' {
			m[name] = v
		}
	}
	return m, lines.Err()
}

// Collect makes the server collect its garbage, so that its heap is what it
// needs.
func (p *Process) Collect(ctx context.Context) error {
	_, err := p.ask(ctx, "/debug/pprof/heap?gc=1")
	return err
}

// ask gets a page of the operators' port.
func (p *Process) ask(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Admin+path, nil)
	if err != nil {
		return nil, err
	}
	r.Close = true
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("bench: operators' port: %w", err)
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func cutLast(line string) (name, value string, ok bool) {
	i := strings.LastIndexByte(line, ' ')
	if i <= 0 {
		return "", "", false
	}
	return line[:i], line[i+1:], true
}

// Sum adds up all series of that name.
func (m Metrics) Sum(name string) (sum float64) {
	for series, v := range m {
		if n, _, _ := strings.Cut(series, "{"); n == name {
			sum += v
		}
	}
	return sum
}

// Since is what was counted between before and m.
func (m Metrics) Since(before Metrics) Metrics {
	d := Metrics{}
	for series, v := range m {
		d[series] = v - before[series]
	}
	return d
}

// Quantile is the value that a share q of a histogram's observations does not
// exceed, between two bounds in proportion; the last bound if it is above. It
// is 0 without observations.
func (m Metrics) Quantile(name string, q float64) float64 {
	sum := map[float64]float64{}
	for series, v := range m {
		label, ok := strings.CutPrefix(series, name+"_bucket{")
		if _, le, found := strings.Cut(label, `le="`); ok && found {
			bound, err := strconv.ParseFloat(strings.TrimSuffix(le[:strings.IndexByte(le, '"')], `"`), 64)
			if err == nil {
				sum[bound] += v
			}
		}
	}
	var bounds []float64
	for b := range sum {
		bounds = append(bounds, b)
	}
	slices.Sort(bounds)
	if len(bounds) == 0 || sum[bounds[len(bounds)-1]] == 0 {
		return 0
	}
	want := q * sum[bounds[len(bounds)-1]]
	low, below := 0.0, 0.0
	for _, b := range bounds {
		switch {
		case sum[b] < want:
			low, below = b, sum[b]
			continue
		case math.IsInf(b, 1):
			return low
		}
		return low + (b-low)*(want-below)/max(sum[b]-below, 1)
	}
	return low
}
