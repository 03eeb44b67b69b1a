package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"arbiter/netcode"
)

// Run serves until ctx ends, then shuts down within DrainWait and
// DrainTimeout. It returns when nothing is left, also after a Shutdown called
// elsewhere. It is called once.
func (s *Server) Run(ctx context.Context) error {
	failed := make(chan error, 2)
	var loops sync.WaitGroup
	loops.Go(func() {
		if err := s.transport.Serve(context.WithoutCancel(ctx)); err != nil {
			failed <- err
		}
	})
	if s.adminAt != nil {
		loops.Go(func() {
			if err := s.admin.Serve(s.adminAt); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("server: operators' port: %w", err)
			}
		})
	}
	watch, unwatch := context.WithCancel(context.WithoutCancel(ctx))
	defer unwatch()
	if keys := s.config.Keys; keys != nil {
		loops.Go(func() { keys.Watch(watch) })
	}
	loops.Go(func() { s.engine.WatchOverload(watch) })
	loops.Go(func() { s.engine.WatchSteps(watch) })
	s.serving.Store(true)
	warnOfDescriptors(s.log, descriptorLimit(), cmp.Or(s.config.Limits.MaxConns, 65536), cmp.Or(s.config.MaxMatches, 1024))
	s.log.Info("serving", "addr", s.Addr().String(), "admin", fmt.Sprint(s.AdminAddr()), "games", s.engine.GameNames())
	var cause error
	select {
	case <-ctx.Done():
	case <-s.stopping:
	case cause = <-failed:
	}
	err := s.Shutdown(context.WithoutCancel(ctx))
	unwatch()
	loops.Wait()
	return errors.Join(cause, err)
}

// Shutdown empties the server: it lets nobody new in, lets matches play on for
// DrainWait, sends everybody away with a code that says to join elsewhere,
// finishes recordings, and waits for all of it, but not longer than ctx allows
// or than DrainWait and DrainTimeout together. It returns an error if something
// had to be cut off. Every call waits for the same shutdown.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stopOnce.Do(func() {
		s.draining.Store(true)
		close(s.stopping)
		s.stopErr = s.shutdown(ctx)
		close(s.stopped)
	})
	<-s.stopped
	return s.stopErr
}

func (s *Server) shutdown(ctx context.Context) error {
	c, log, began := s.config, s.log, time.Now()
	log.Info("draining", "matches", len(s.engine.Matches()), "wait", c.DrainWait.String())
	s.engine.Drain()
	if c.DrainWait > 0 {
		wait, cancel := context.WithTimeout(ctx, c.DrainWait)
		_ = s.engine.Wait(wait) // those that are left are ended next
		cancel()
	}
	if len(c.Security.TrustedProxies) > 0 {
		notice, cancel := context.WithTimeout(ctx, min(c.DrainWait, drainNotice)-time.Since(began))
		<-notice.Done()
		cancel()
	}
	ctx, cancel := context.WithTimeout(ctx, c.DrainTimeout)
	defer cancel()
	s.engine.Stop(netcode.CodeDrain)
	errs := []error{s.engine.Wait(ctx)}
	s.engine.Events().Close() // which ends the event streams too
	for _, l := range s.listeners {
		errs = append(errs, l.Wait(ctx))
	}
	if s.hook != nil {
		errs = append(errs, s.hook.Close(ctx))
	}
	if err := s.transport.Shutdown(ctx); err != nil {
		errs = append(errs, fmt.Errorf("server: %w", err))
	}
	if s.adminAt != nil {
		errs = append(errs, s.admin.Shutdown(ctx), ignoreClosed(s.adminAt.Close()))
	}
	errs = append(errs, s.engine.Close())
	err := errors.Join(errs...)
	log.Info("stopped", "error", err)
	if s.ownsLogs {
		flushLog(s.logs)
	}
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
