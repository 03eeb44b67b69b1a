package soak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"arbiter/bench"
	"arbiter/bench/machine"
	"arbiter/bench/target"
)

// Bots is what "arbiter bots" reports, as far as it matters here.
type Bots struct {
	Connected      int      `json:"connected"`
	Snapshots      uint64   `json:"snapshots"`
	Resumes        uint64   `json:"resumes"`
	Drops          uint64   `json:"drops"`
	Stalls         uint64   `json:"stalls"`
	InputsSent     uint64   `json:"inputs_sent"`
	InputsApplied  uint64   `json:"inputs_applied"`
	InputsLost     uint64   `json:"inputs_lost"`
	InputsRepeated uint64   `json:"inputs_repeated"`
	InputsWithheld float64  `json:"inputs_withheld_ms"` // at most
	HashChecks     uint64   `json:"hash_checks"`
	HashMismatches uint64   `json:"hash_mismatches"`
	ErrorSamples   []string `json:"error_samples,omitempty"`
}

func (b *Bots) add(o Bots) {
	b.Connected += o.Connected
	b.Snapshots += o.Snapshots
	b.Resumes += o.Resumes
	b.Drops += o.Drops
	b.Stalls += o.Stalls
	b.InputsSent += o.InputsSent
	b.InputsApplied += o.InputsApplied
	b.InputsLost += o.InputsLost
	b.InputsRepeated += o.InputsRepeated
	b.InputsWithheld = max(b.InputsWithheld, o.InputsWithheld)
	b.HashChecks += o.HashChecks
	b.HashMismatches += o.HashMismatches
	b.ErrorSamples = append(b.ErrorSamples, o.ErrorSamples...)
	b.ErrorSamples = b.ErrorSamples[:min(len(b.ErrorSamples), 5)]
}

// botsProcess is "arbiter bots" while it plays.
type botsProcess struct {
	cmd       *exec.Cmd
	out, diag bytes.Buffer
	err       error
}

// startBots begins bots that play for about a stage, each stage with other
// chances.
func startBots(s *bench.Session, o *Options, server *target.Server, n int) (*botsProcess, error) {
	command := append([]string{}, o.BotsCommand...)
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("bench: where this program is: %w", err)
		}
		command = []string{self, "bots"}
	}
	share := func(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) }
	command = append(command, "--url", server.URL(), "--game", server.Game, "--clients", strconv.Itoa(o.Bots),
		"--for", max(o.Stage-2*time.Second, time.Second).String(), "--drop", share(o.Drop), "--stall", share(o.Stall), "--seed", strconv.Itoa(n+1), "--json", "--quiet")
	b := &botsProcess{cmd: exec.Command(command[0], command[1:]...)}
	b.cmd.Env = append(os.Environ(), server.KeyEnv())
	if server.CA != "" {
		b.cmd.Env = append(b.cmd.Env, "SSL_CERT_FILE="+server.CA)
	}
	b.cmd.Stdout, b.cmd.Stderr = &b.out, &b.diag
	if err := machine.Pinned(s.ForLoad, b.cmd.Start); err != nil {
		return nil, fmt.Errorf("bench: start the bots: %w", err)
	}
	return b, nil
}

// wait waits until they have played and reads their report. That they found
// something wrong is in it, and no error.
func (b *botsProcess) wait() (Bots, error) {
	late := time.AfterFunc(botsPatience, func() { _ = b.cmd.Process.Kill() })
	defer late.Stop()
	ended := b.cmd.Wait()
	var r Bots
	if err := json.Unmarshal(b.out.Bytes(), &r); err != nil {
		return r, fmt.Errorf("bench: the bots: %w: %v: %.500s", err, ended, b.diag.String())
	}
	return r, nil
}

// botsPatience is for how long they may stay when a stage is over: they wait
// for what is not yet acknowledged, and for connections that are cut.
const botsPatience = time.Minute
