package app

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that ends with the first SIGINT, SIGTERM or, unless
// it is ignored as under nohup, SIGHUP. The second one ends the process at once, as it does without us: nothing
// catches it any more when the context ends.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	first := make(chan os.Signal, 1)
	signal.Notify(first, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(first, syscall.SIGHUP)
	}
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

// outliveReaders keeps a server alive whose output nobody reads any more: without it, a
// write to a broken pipe that is standard output or error ends the process.
func outliveReaders() { signal.Ignore(syscall.SIGPIPE) }
