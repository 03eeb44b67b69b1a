// Command example hosts the game of tag, as a main of one's own would.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"arbiter/game"
	"arbiter/game/tag"
	"arbiter/server"
)

func main() {
	if err := serve(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := server.New(server.Config{ // 127.0.0.1:8080, guest tokens for anybody
		Games: []game.Definition{tag.Game}, // your game here
		Log:   slog.Default(),
	})
	if err != nil {
		return err
	}
	return s.Run(ctx) // until Ctrl-C, then drain
}
