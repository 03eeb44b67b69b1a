package target

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"arbiter/bench/machine"
)

// Floor says what floor to start.
type Floor struct {
	Command Command      // this program's bench floor-server
	CPUs    machine.CPUs // all
	Bytes   int          // of a message; 148
	Rate    int          // messages a second; 20
	Group   int          // clients served in one go; 10
}

// StartFloor starts a floor server.
func StartFloor(ctx context.Context, c Floor) (*Process, error) {
	if len(c.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("bench: where this program is: %w", err)
		}
		c.Command = Command{self, "bench", "floor-server"}
	}
	args := append(Command{}, c.Command...)
	args = append(args, "--bytes", strconv.Itoa(c.Bytes), "--rate", strconv.Itoa(c.Rate), "--group", strconv.Itoa(c.Group))
	admin, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p, err := StartOther(ctx, append(args, "--admin-addr", admin.String()), c.CPUs)
	if err == nil {
		p.Admin = admin.String()
	}
	return p, err
}

// StartOther starts a server of another kind, which listens where the flag
// --addr says.
func StartOther(ctx context.Context, command Command, cpus machine.CPUs) (*Process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	return start(ctx, append(append(Command{}, command...), "--addr", addr.String()), nil, cpus, addr)
}
