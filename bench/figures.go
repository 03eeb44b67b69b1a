package bench

import (
	"fmt"
	"time"

	"arbiter/bench/load"
	"arbiter/bench/target"
)

// Figures are one measurement. Times are in milliseconds unless their comment
// says otherwise.
type Figures struct {
	Server  string  `json:"server"`
	Clients int     `json:"clients"`
	Rate    int     `json:"rate_hz"`
	Seconds float64 `json:"seconds"`

	CPU    float64 `json:"cpu_us_per_client_tick"` // by the snapshots that came
	User   float64 `json:"user_share"`             // of that
	Core   float64 `json:"cores"`                  // used by the server
	Others float64 `json:"others_share"`           // of the server's processors, that other programs had
	Memory float64 `json:"rss_bytes_per_client"`   // more than the server had before there were clients

	SnapshotBytes float64 `json:"snapshot_bytes"` // payload
	InputBytes    float64 `json:"input_bytes"`    // payload
	Received      float64 `json:"snapshots_per_client_tick"`
	Said          float64 `json:"messages_per_client_tick"`

	Gap         Quantiles   `json:"gap_ms"`           // between a client's snapshots
	Late        Quantiles   `json:"tick_lateness_ms"` // of the server's ticks, from its histogram; p100 is a bound
	Overruns    float64     `json:"overruns"`
	Collections float64     `json:"garbage_collections"`
	GC          float64     `json:"gc_share"` // of the server's CPU, by its own estimate, which collections bring up to date
	Faults      load.Faults `json:"faults"`
	// Outside says that the bar is judged by what clients see only: other
	// servers do not tell how late their ticks are.
	Outside bool    `json:"outside,omitempty"`
	Sampled float64 `json:"sampled_share"` // of snapshots, applied and checked

	Load  Generator `json:"load_generator"`
	Error string    `json:"error,omitempty"` // why nothing was measured

	// Metrics are the server's own, as they grew during the measurement.
	Metrics target.Metrics `json:"-"`
}

// Generator is how the load generator fared.
type Generator struct {
	Busy       float64 `json:"busy"`   // share of its processor's time
	Waited     float64 `json:"stolen"` // share of the time in which somebody else had it
	LateP99    float64 `json:"late_p99_ms"`
	TurnP99    float64 `json:"turn_p99_ms"`
	Bottleneck string  `json:"bottleneck,omitempty"`
}

// Quantiles of a distribution.
type Quantiles struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
	Max  float64 `json:"max"`
}

// QuantilesOf reads them off a distribution, in milliseconds.
func QuantilesOf(s *load.Spread) Quantiles {
	return Quantiles{ms(s.Percentile(50)), ms(s.Percentile(99)), ms(s.Percentile(99.9)), ms(s.Max)}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Broken says which bar the measurement fails; empty if it holds: the p99 of
// gaps at most 1.5 ticks, the p99 of tick lateness at most a tenth of a tick
// unless Outside, nothing lost, repeated, wrong or cut off.
func (f *Figures) Broken() string {
	tick := 1000 / float64(f.Rate)
	switch {
	case f.Error != "":
		return f.Error
	case f.Faults.Wrong() > 0:
		return fmt.Sprintf("snapshots or connections were lost: %+v", f.Faults)
	case f.Gap.P99 > 1.5*tick:
		return fmt.Sprintf("p99 gap %.1f ms, above %.1f", f.Gap.P99, 1.5*tick)
	case !f.Outside && f.Late.P99 > 0.1*tick:
		return fmt.Sprintf("p99 tick lateness %.2f ms, above %.2f", f.Late.P99, 0.1*tick)
	case f.Received < 0.98-1/max(f.Seconds*float64(f.Rate), 1): // one may fall just outside
		return fmt.Sprintf("only %.0f %% of the snapshots came", 100*f.Received)
	}
	return ""
}

// Noisy reports whether other programs were in the way.
func (f *Figures) Noisy() bool { return f.Robbed() || f.Load.Waited > 0.03 }

// Robbed reports whether others had more than 3 % of the server's processors,
// which near its capacity it cannot spare.
func (f *Figures) Robbed() bool { return f.Others > 0.03 }

// String is one line of progress.
func (f *Figures) String() string {
	verdict := "holds"
	if why := f.Broken(); why != "" {
		verdict = "breaks: " + why
	}
	if f.Load.Bottleneck != "" {
		verdict += " (load generator at its limit)"
	}
	if f.Noisy() {
		verdict += fmt.Sprintf(" (others took %.0f %% of the server's and %.0f %% of the load generator's processor)", 100*f.Others, 100*f.Load.Waited)
	}
	return fmt.Sprintf("%s %d clients: %.1f µs a client and tick, %.0f B, gap p99 %.1f ms, late p99 %.2f ms, load %.0f %%: %s",
		f.Server, f.Clients, f.CPU, f.SnapshotBytes, f.Gap.P99, f.Late.P99, 100*f.Load.Busy, verdict)
}
