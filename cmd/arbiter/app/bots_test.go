package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// reportOf runs bots and reads their report.
func reportOf(t *testing.T, args ...string) (map[string]any, outcome) {
	t.Helper()
	o := command(t, append([]string{"bots", "--quiet", "--json"}, args...)...)
	var report map[string]any
	if err := json.Unmarshal([]byte(o.out), &report); err != nil {
		t.Fatalf("no report: %v\n%s%s", err, o.out, o.err)
	}
	return report, o
}

// TestBots plays for three seconds with bad connections, on both transports.
func TestBots(t *testing.T) {
	for _, transport := range []string{"epoll", "net"} {
		if transport == "epoll" && !hasEpoll {
			continue
		}
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			s := serving(t, "--transport", transport)
			r, o := reportOf(t, "--url", "ws://"+s.addr, "--clients", "20", "--for", "3s", "--drop", "0.3", "--stall", "0.2")
			if o.status != exitDone || o.err != "" {
				t.Errorf("status %d: %s", o.status, o.err)
			}
			for name, want := range map[string]float64{"connected": 20, "inputs_lost": 0, "inputs_repeated": 0, "hash_mismatches": 0, "errors": 0} {
				if r[name] != want {
					t.Errorf("%s is %v, want %v", name, r[name], want)
				}
			}
			for name, least := range map[string]float64{
				"snapshots": 500, "bytes_per_snapshot": 20, "rtt_p50_ms": 0.001, "rtt_p99_ms": 0.001, "age_p99_ms": 0.001,
				"resumes": 1, "drops": 1, "stalls": 1, "keyframes": 20, "hash_checks": 20, "inputs_sent": 100, "seconds": 3,
			} {
				if got, ok := r[name].(float64); !ok || got < least {
					t.Errorf("%s is %v, want at least %v", name, r[name], least)
				}
			}
			if r["inputs_sent"] != r["inputs_applied"] {
				t.Errorf("%v inputs sent, %v applied", r["inputs_sent"], r["inputs_applied"])
			}
		})
	}
}

func TestBotsOfOtherGames(t *testing.T) {
	t.Parallel()
	s := serving(t, "--tick-rate", "tag=40")
	for _, args := range []string{"--game tag --clients 4", "--game arena-large --clients 2 --predict"} {
		o := command(t, append([]string{"bots", "--url", "ws://" + s.addr, "--for", "1200ms"}, strings.Fields(args)...)...)
		for _, want := range []string{"connected     ", "round trip    p50 ", ", 0 lost, 0 repeated, ", ", 0 mismatches\n", "errors        0\n"} {
			if o.status != exitDone || !strings.Contains(o.out, want) {
				t.Errorf("%s: status %d, lacks %q:\n%s%s", args, o.status, want, o.out, o.err)
			}
		}
		if strings.Contains(o.out, "prediction    ") != strings.Contains(args, "--predict") {
			t.Errorf("%s: what of the prediction?\n%s", args, o.out)
		}
		if !strings.Contains(o.err, " playing  ") || !strings.HasSuffix(o.err, "0 errors\n") {
			t.Errorf("%s: no progress: %q", args, o.err)
		}
	}
}

func TestBotsWithKeys(t *testing.T) {
	t.Parallel()
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	s := serving(t, "--key", key)
	at := []string{"bots", "--url", "ws://" + s.addr, "--for", "300ms", "--quiet"}
	o := command(t, at...)
	if o.status != exitFailed || !strings.Contains(o.err, "gives no guest tokens, it was given keys: mint a token") {
		t.Errorf("without a token: status %d, %s", o.status, o.err)
	}
	o = command(t, append(at, "--key", key, "--clients", "3")...)
	if o.status != exitDone || !strings.Contains(o.out, "connected     3\n") {
		t.Errorf("with the key: status %d\n%s%s", o.status, o.out, o.err)
	}
	token := strings.TrimSpace(mustRun(t, "token", "--key", key))
	o = command(t, append(at, "--token", token, "--clients", "1")...)
	if o.status != exitDone || !strings.Contains(o.out, "connected     1\n") {
		t.Errorf("with a token: status %d\n%s%s", o.status, o.out, o.err)
	}
	o = command(t, append(at, "--token", token+"x", "--clients", "1")...)
	if o.status != exitFailed || !strings.Contains(o.err, "nobody connected: ") || !strings.Contains(o.err, "status 401") {
		t.Errorf("with a bad token: status %d\n%s%s", o.status, o.out, o.err)
	}
}

func TestBotsFailures(t *testing.T) {
	t.Parallel()
	s := serving(t, "--games", "tag")
	for _, c := range []struct{ args, want string }{
		{"--url ws://127.0.0.1:1", "no server answers: "},
		{"--url ws://" + s.addr + " --game chess", `hosts no game "chess": use one of tag`},
		{"--url arena://" + s.addr, `it must look like https://host, wss://host/prefix or ws://host:port`},
		{"--url ws://" + s.addr + " --game tag --match nowhere --clients 2", "nobody connected: client: the server closed the connection: 4203 no-match"},
		{"--url ws://" + s.addr + " --game tag --for 2h", "guest tokens end after an hour, so 2h0m0s is too long"},
	} {
		o := command(t, append([]string{"bots", "--quiet"}, strings.Fields(c.args)...)...)
		if o.status != exitFailed || !strings.Contains(o.err, c.want) {
			t.Errorf("%s: status %d, want %q in:\n%s", c.args, o.status, c.want, o.err)
		}
	}
}

func TestBotsUsage(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--clients 0", "--clients: 0 is too small: give at least 1"},
		{"--clients 20000", "--clients: 20000 is too large: give at most 10000"},
		{"--for 0s", "--for: 0s is too small"},
		{"--rate 500", "--rate: 500 is too large: give at most 128"},
		{"--drop 2", "--drop: 2 is not a probability: give a number from 0 to 1"},
		{"--stall often", `--stall: "often" is not a number`},
		{"--token x --clients 2", "--token: it is one player's, so 2 clients"},
	} {
		o := command(t, append([]string{"bots"}, strings.Fields(c.args)...)...)
		if o.status != exitUsage || !strings.Contains(o.err, c.want) {
			t.Errorf("%s: status %d, want %q in:\n%s", c.args, o.status, c.want, o.err)
		}
	}
}

// TestReportNames keeps what scripts read.
func TestReportNames(t *testing.T) {
	t.Parallel()
	s := serving(t)
	r, _ := reportOf(t, "--url", "ws://"+s.addr, "--clients", "1", "--for", "100ms")
	want := strings.Fields(`age_p50_ms age_p99_ms bytes_per_snapshot commands connected corrections drops error_samples errors
		hash_checks hash_mismatches inputs_abandoned inputs_applied inputs_lost inputs_repeated inputs_sent inputs_withheld_ms keyframes resumes
		rtt_p50_ms rtt_p99_ms seconds skipped snapshots stalls`)
	if got := slices.Sorted(maps.Keys(r)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
