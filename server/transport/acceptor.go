package transport

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// Back-off after a failed accept, doubled up to the second value.
const (
	minBackoff = 5 * time.Millisecond
	maxBackoff = time.Second
)

// acceptor is the accept loop. When the process is out of descriptors it gives
// up a reserved one to take and close the connections that wait, so that their
// peers learn at once, and backs off.
type acceptor struct {
	core     *core
	engine   engine
	listener *net.TCPListener
	reserve  *os.File // owned by the loop; nil if it could not be opened again

	once sync.Once
	stop chan struct{}
}

func newAcceptor(c *core, e engine, ln *net.TCPListener) *acceptor {
	return &acceptor{core: c, engine: e, listener: ln, stop: make(chan struct{})}
}

func (a *acceptor) close() {
	a.once.Do(func() {
		close(a.stop)
		_ = a.listener.Close()
		a.engine.unlisten()
	})
}

func (a *acceptor) run() {
	a.reserve, _ = os.Open(os.DevNull)
	defer func() {
		if a.reserve != nil {
			_ = a.reserve.Close()
		}
	}()
	backoff := minBackoff
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		err := a.engine.accept()
		select {
		case <-a.stop:
			return
		default:
		}
		if err == nil {
			backoff = minBackoff
			continue
		}
		a.core.stats.acceptErrors.Add(1)
		if errors.Is(err, syscall.ECONNABORTED) {
			continue
		}
		a.core.cfg.Log.Warn("transport: accept failed", slog.Any("error", err), slog.Duration("backoff", backoff))
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			a.shed()
		}
		timer.Reset(backoff)
		select {
		case <-a.stop:
			return
		case <-timer.C:
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// shed closes the connections that wait, with the reserved descriptor. The
// deadline ends it when none is left.
func (a *acceptor) shed() {
	if a.reserve == nil {
		a.reserve, _ = os.Open(os.DevNull)
		return
	}
	_ = a.reserve.Close()
	_ = a.listener.SetDeadline(time.Now().Add(time.Millisecond))
	for {
		nc, err := a.listener.Accept()
		if err != nil {
			break
		}
		_ = nc.Close()
		a.core.stats.shed.Add(1)
	}
	_ = a.listener.SetDeadline(time.Time{})
	a.reserve, _ = os.Open(os.DevNull)
}
