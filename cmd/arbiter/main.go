// Command arbiter hosts multiplayer matches, plays them with bots, mints tokens
// for development, and replays recordings. See "arbiter --help".
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version string

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// interruptible returns a context that ends with the first SIGINT or SIGTERM.
// The second one ends the process at once, as it does without us: nothing
// catches it any more when the context ends.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	first := make(chan os.Signal, 1)
	signal.Notify(first, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-first:
		case <-ctx.Done():
		}
		signal.Stop(first)
		cancel()
	}()
	return ctx, func() {
		cancel()
		<-done
	}
}
