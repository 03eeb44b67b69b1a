package peers

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"arbiter/bench"
	"arbiter/bench/load"
	"arbiter/bench/target"
)

const colyseusName = "colyseus"

// colyseus fetches Colyseus from npm, as its lockfile says, lets its official
// client check the game once, and lines it up.
func (l *lineup) colyseus(ctx context.Context, s *bench.Session, source string) error {
	dir, err := filepath.Abs(filepath.Join(source, colyseusName))
	if err != nil {
		return err
	}
	if stale(filepath.Join(dir, "node_modules", ".package-lock.json"), filepath.Join(dir, "package-lock.json")) {
		s.Say("fetching Colyseus from npm")
		if err := npm(ctx, dir, "ci", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
			return err
		}
	}
	s.Say("checking Colyseus with its official client")
	if err := npm(ctx, dir, "run", "--silent", "check"); err != nil {
		return err
	}
	command := target.Command{"node", filepath.Join(dir, "server.mjs"), "--players", strconv.Itoa(players), "--rate", strconv.Itoa(rate)}
	l.add(colyseusName, func(ctx context.Context) (*bench.Stand, error) {
		free := &seats{client: &http.Client{Timeout: 10 * time.Second}}
		p := bench.Peer{Name: colyseusName, Command: command, Seat: (&load.Colyseus{Sample: 10}).Seat, Path: free.path, Reserve: free.reserve}
		stand, err := s.NewPeer(ctx, p, rate)
		if err != nil {
			return nil, err
		}
		free.url = "http://" + stand.Server.Addr.String()
		return stand, nil
	})
	return nil
}

// stale reports whether a file is missing or older than what it is made from.
func stale(made, from string) bool {
	m, err := os.Stat(made)
	f, ferr := os.Stat(from)
	return err != nil || ferr != nil || m.ModTime().Before(f.ModTime())
}

func npm(ctx context.Context, dir string, args ...string) error {
	c := exec.CommandContext(ctx, "npm", args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("bench: npm %s in %s: %w: install Node 20 or newer, or leave it out with --peers: %.2000s", args[0], dir, err, out)
	}
	return nil
}
