package target

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"arbiter/bench/hostile"
	"arbiter/bench/machine"
)

// Foe is a process that attacks a server until Stop.
type Foe struct {
	cmd *exec.Cmd
	out bytes.Buffer
	say tail
}

// StartFoe lets attackers loose, on those processors. An empty command is this
// program's bench attacker.
func StartFoe(command Command, cpus machine.CPUs, o hostile.Orders) (*Foe, error) {
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("bench: where this program is: %w", err)
		}
		command = Command{self, "bench", "attacker"}
	}
	orders, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("bench: orders: %w", err)
	}
	f := &Foe{cmd: exec.Command(command[0], command[1:]...)}
	f.cmd.Stdin, f.cmd.Stdout, f.cmd.Stderr = bytes.NewReader(orders), &f.out, &f.say
	if err := machine.Pinned(cpus, f.cmd.Start); err != nil {
		return nil, fmt.Errorf("bench: start the attackers: %w", err)
	}
	return f, nil
}

// Stop ends the attack and says what came of it.
func (f *Foe) Stop() (t hostile.Tally, err error) {
	_ = f.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(30*time.Second, func() { _ = f.cmd.Process.Kill() })
	defer kill.Stop()
	if err := f.cmd.Wait(); err != nil {
		return t, fmt.Errorf("bench: the attackers: %w: %s", err, &f.say)
	}
	if err := json.Unmarshal(f.out.Bytes(), &t); err != nil {
		return t, fmt.Errorf("bench: the attackers' tally: %w", err)
	}
	return t, nil
}
