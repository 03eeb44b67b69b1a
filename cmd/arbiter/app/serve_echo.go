package app

import (
	"context"
	"fmt"

	"arbiter/server"
	"arbiter/server/echo"
	"arbiter/server/transport"
)

// serveEcho sends messages back, over the transport that the configuration
// describes, until ctx ends.
func serveEcho(ctx context.Context, s streams, c server.Config) error {
	t, err := echo.Listen(transport.Config{Addr: c.Addr, Kind: c.Transport, Security: c.Security, Log: c.Log})
	if err != nil {
		return explainListen(err)
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	fmt.Fprintf(s.out, "Echo on ws://%s/, messages of up to %d MB. Ctrl-C stops it.\n", reachable(t.Addr()), echo.MessageBytes>>20)
	return t.Serve(ctx)
}
