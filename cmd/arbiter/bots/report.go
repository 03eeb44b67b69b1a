package bots

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"arbiter/netcode/client/core"
)

// Report is what all bots together saw and did.
type Report struct {
	Connected        int     `json:"connected"` // bots that were welcomed
	Snapshots        uint64  `json:"snapshots"`
	BytesPerSnapshot float64 `json:"bytes_per_snapshot"` // of all that was received
	RTTp50           float64 `json:"rtt_p50_ms"`
	RTTp99           float64 `json:"rtt_p99_ms"`
	AgeP50           float64 `json:"age_p50_ms"` // of a snapshot's state when it arrived
	AgeP99           float64 `json:"age_p99_ms"`
	Skipped          uint64  `json:"skipped"` // snapshots the rate promised and that did not come
	Resumes          uint64  `json:"resumes"`
	Keyframes        uint64  `json:"keyframes"`
	InputsSent       uint64  `json:"inputs_sent"` // commands included
	InputsApplied    uint64  `json:"inputs_applied"`
	InputsLost       uint64  `json:"inputs_lost"`      // also those that were never acknowledged
	InputsAbandoned  uint64  `json:"inputs_abandoned"` // of a match that had ended, or of a seat that was no longer kept
	InputsRepeated   uint64  `json:"inputs_repeated"`
	// InputsWithheld is for how long at most, in milliseconds, a bot that wanted to send an
	// input made none, though snapshots came.
	InputsWithheld float64 `json:"inputs_withheld_ms"`
	HashChecks     uint64  `json:"hash_checks"`
	HashMismatches uint64  `json:"hash_mismatches"`
	Errors         uint64  `json:"errors"`

	Drops        uint64   `json:"drops"`                 // connections that were cut on purpose
	Stalls       uint64   `json:"stalls"`                // and held up
	Seconds      float64  `json:"seconds"`               // of play
	Commands     uint64   `json:"commands"`              // made, of bots that have no pilot
	Corrections  uint64   `json:"corrections"`           // of predicted rows; 0 without prediction
	Unpredicted  string   `json:"unpredicted,omitempty"` // why prediction, which was asked for, is off
	ErrorSamples []string `json:"error_samples"`         // the first few, different ones

	// Matchmaking is there if the bots queued for their matches.
	Matchmaking *MatchReport `json:"matchmaking,omitempty"`

	predicted   bool
	tick        time.Duration // of the match
	bytes       uint64
	trips, ages core.Histogram
}

const errorSamples = 5

// add adds what one client counted.
func (r *Report) add(s *core.Stats, trips, ages *core.Histogram) {
	if s.Connections > 0 {
		r.Connected++
	}
	r.Snapshots += s.Snapshots
	r.bytes += s.Bytes
	r.Skipped += s.Skipped
	r.Resumes += s.Resumes
	r.Keyframes += s.Keyframes
	r.InputsSent += s.InputsSent
	r.InputsApplied += s.InputsApplied
	r.InputsAbandoned += s.InputsAbandoned
	// Whatever got a number has to be applied, as long as there is the seat; what is
	// left is lost, whoever lost it.
	done := s.InputsApplied + s.InputsAbandoned
	r.InputsLost += s.InputsLost + max(s.InputsSent, done) - done
	r.InputsRepeated += s.InputsRepeated
	r.InputsWithheld = max(r.InputsWithheld, float64(s.Withheld.Microseconds())/1000)
	r.HashChecks += s.HashChecks
	r.HashMismatches += s.HashMismatches
	r.Errors += s.Errors
	r.Corrections += s.Corrections
	r.trips.Merge(trips)
	r.ages.Merge(ages)
}

// fail counts an error that ended a bot's play.
func (r *Report) fail(err error) {
	r.Errors++
	r.sample(err)
}

func (r *Report) sample(err error) {
	for _, s := range r.ErrorSamples {
		if s == err.Error() {
			return
		}
	}
	if len(r.ErrorSamples) < errorSamples {
		r.ErrorSamples = append(r.ErrorSamples, err.Error())
	}
}

// finish works out the figures that are not sums.
func (r *Report) finish(played time.Duration) {
	ms := func(h *core.Histogram, p float64) float64 { return float64(h.Percentile(p).Microseconds()) / 1000 }
	r.RTTp50, r.RTTp99 = ms(&r.trips, 50), ms(&r.trips, 99)
	r.AgeP50, r.AgeP99 = ms(&r.ages, 50), ms(&r.ages, 99)
	r.BytesPerSnapshot = float64(r.bytes*10/max(r.Snapshots, 1)) / 10
	r.Seconds = float64(played.Milliseconds()) / 1000
}

// withheldMost is for how long an input may wait for its number while snapshots
// come, beside two ticks.
const withheldMost = time.Second

// Verdict is nil if nothing was lost, repeated, withheld or wrong, and somebody
// played.
func (r *Report) Verdict() error {
	switch {
	case r.Connected == 0:
		if len(r.ErrorSamples) > 0 {
			return fmt.Errorf("bots: nobody connected: %s", r.ErrorSamples[0])
		}
		return fmt.Errorf("bots: nobody connected")
	case r.InputsLost+r.InputsRepeated+r.HashMismatches > 0:
		return fmt.Errorf("bots: %d inputs lost, %d repeated, %d hash mismatches: the server or the client is at fault", r.InputsLost, r.InputsRepeated, r.HashMismatches)
	}
	if most := withheldMost + 2*r.tick; r.InputsWithheld > float64(most.Milliseconds()) {
		return fmt.Errorf("bots: a bot that wanted to send made no input for %.0f ms though snapshots came, %d ms at most are right: the client is at fault", r.InputsWithheld, most.Milliseconds())
	}
	return r.Matchmaking.verdict()
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// row is a line of the report for people.
type row struct {
	name, format string
	values       []any
}

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	rows := []row{
		{"connected", "%d", []any{r.Connected}},
		{"snapshots", "%d, %.1f bytes each, %d keyframes, %d skipped", []any{r.Snapshots, r.BytesPerSnapshot, r.Keyframes, r.Skipped}},
		{"round trip", "p50 %.1f ms, p99 %.1f ms", []any{r.RTTp50, r.RTTp99}},
		{"snapshot age", "p50 %.1f ms, p99 %.1f ms", []any{r.AgeP50, r.AgeP99}},
		{"resumes", "%d, after %d drops and %d stalls", []any{r.Resumes, r.Drops, r.Stalls}},
		{"inputs", "%d sent, %d applied, %d abandoned, %d lost, %d repeated, withheld for %.0f ms at most",
			[]any{r.InputsSent, r.InputsApplied, r.InputsAbandoned, r.InputsLost, r.InputsRepeated, r.InputsWithheld}},
		{"hash checks", "%d, %d mismatches", []any{r.HashChecks, r.HashMismatches}},
		{"errors", "%d", []any{r.Errors}},
	}
	if r.Unpredicted != "" {
		rows = append(rows, row{"prediction", "%s", []any{r.Unpredicted}})
	}
	if r.Commands > 0 {
		rows = append(rows, row{"commands", "%d, among the inputs", []any{r.Commands}})
	}
	if r.predicted {
		rows = slices.Insert(rows, 5, rows[5])
		rows[6].name, rows[6].format, rows[6].values = "prediction", "%d corrections", []any{r.Corrections}
	}
	rows = append(rows, r.Matchmaking.rows()...)
	for _, row := range rows {
		if _, err := fmt.Fprintf(w, "%-13s "+row.format+"\n", append([]any{row.name}, row.values...)...); err != nil {
			return err
		}
	}
	for _, s := range slices.Concat(r.ErrorSamples, r.Matchmaking.samples()) {
		if _, err := fmt.Fprintf(w, "              %s\n", s); err != nil {
			return err
		}
	}
	return nil
}
