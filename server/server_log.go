package server

import (
	"context"
	"log/slog"
	"time"

	"arbiter/server/asynclog"
)

// asyncLog puts a queue before the handler of Config.Log, unless there is one, so that
// a log that cannot be written holds up neither matches nor connections. ours reports
// whether the server has to close it.
func asyncLog(c *Config) (h *asynclog.Handler, ours bool) {
	if h, ok := c.Log.Handler().(*asynclog.Handler); ok {
		return h, false
	}
	h = asynclog.New(c.Log.Handler())
	c.Log = slog.New(h)
	return h, true
}

// flushTime is how long the end of a server waits for its log.
const flushTime = time.Second

func flushLog(h *asynclog.Handler) {
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	h.Close(ctx)
}
