package server_test

import (
	"os/exec"
	"strings"
	"testing"

	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
)

// Every metric that was promised is there once something happened, and
// Prometheus's own linter has nothing to say.
func TestMetricsPage(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{RecordDir: t.TempDir()})
	c := s.Join("ann")
	c.Input(servertest.DrillInput{Mark: 1})
	c.Until("a check passes", func(u view.Update) bool { return u.Checked && u.AckSeq == 1 })
	c.Send(netcode.Ping{ClientTime: 1}.Append(nil))
	c.Drop()
	c = s.Resume(c, "ann")
	c.Send([]byte{0})
	c.End()
	_, _ = s.Try(nil) // a handshake that is refused

	servertest.Eventually(t, "the close is counted", func() bool {
		return s.Metrics().Sum("arbiter_connections_closed_total", `code="4206"`) == 1
	})
	page := s.Metrics()
	for _, name := range []string{
		"arbiter_connections", "arbiter_connections_accepted_total", "arbiter_handshakes_total", "arbiter_connections_closed_total",
		"arbiter_messages_total", "arbiter_message_bytes_total", "arbiter_messages_malformed_total", "arbiter_wire_calls_total",
		"arbiter_wire_bytes_total", "arbiter_tick_duration_seconds_bucket", "arbiter_tick_lateness_seconds_bucket",
		"arbiter_tick_overruns_total", "arbiter_tick_dropped_seconds_total", "arbiter_snapshot_bytes_bucket",
		"arbiter_snapshot_age_seconds_bucket", "arbiter_round_trip_seconds_bucket", "arbiter_snapshots_skipped_total",
		"arbiter_baseline_age_ticks_total", "arbiter_encode_groups_total", "arbiter_encode_shared_total", "arbiter_resumes_total",
		"arbiter_keyframes_total", "arbiter_slow_clients_closed_total", "arbiter_inbox_depth_bucket", "arbiter_output_tasks_total",
		"arbiter_output_panics_total", "arbiter_hash_mismatches_total", "arbiter_hash_checks_total", "arbiter_inputs_total",
		"arbiter_matches", "arbiter_players", "arbiter_spectators", "arbiter_sessions_closed_total", "arbiter_recording_bytes_total",
		"go_goroutines", "process_resident_memory_bytes",
	} {
		if !page.Has(name) {
			t.Errorf("no %s on the page", name)
		}
	}
	for _, test := range []struct {
		name   string
		labels []string
		least  float64
	}{
		{"arbiter_handshakes_total", []string{`result="ok"`}, 2},
		{"arbiter_handshakes_total", []string{`result="token-missing"`}, 1},
		{"arbiter_messages_total", []string{`direction="in"`, `kind="hello"`}, 2},
		{"arbiter_messages_total", []string{`direction="out"`, `kind="welcome"`}, 2},
		{"arbiter_messages_total", []string{`direction="out"`, `kind="pong"`}, 1},
		{"arbiter_inputs_total", []string{`result="applied"`}, 1},
		{"arbiter_resumes_total", []string{`result="resumed"`}, 1},
		{"arbiter_sessions_closed_total", []string{`code="4206"`, `name="malformed"`}, 1},
	} {
		if got := page.Sum(test.name, test.labels...); got < test.least {
			t.Errorf("%s%v is %v, want at least %v", test.name, test.labels, got, test.least)
		}
	}

	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed; make test fetches it into bin, and the package prometheus has it")
	}
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(string(page))
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}
