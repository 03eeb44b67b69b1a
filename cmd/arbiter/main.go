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
// The second one ends the process at once, as it does without us.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
