package bots

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func injected(w *faults, conn net.Conn) *faultyConn {
	c := &faultyConn{Conn: conn, faults: w, gone: make(chan struct{})}
	w.conns = append(w.conns, c)
	return c
}

func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		c := injected(&faults{}, near)
		begin := time.Now()
		c.stallFor(time.Second)
		go func() { _, _ = far.Write([]byte("x")) }() // the read below is its end
		if n, err := c.Read(make([]byte, 4)); n != 1 || err != nil || time.Since(begin) != time.Second {
			t.Errorf("a read ends with %d, %v after %v, want a second", n, err, time.Since(begin))
		}
		c.stallFor(time.Second)
		begin = time.Now()
		go func() { _, _ = far.Read(make([]byte, 4)) }() // ends with the write below
		if _, err := c.Write([]byte("y")); err != nil || time.Since(begin) != time.Second {
			t.Errorf("a write ends with %v after %v, want a second", err, time.Since(begin))
		}
		c.stallFor(time.Hour)
		begin = time.Now()
		time.AfterFunc(time.Millisecond, func() { c.Close() })
		if _, err := c.Write([]byte("z")); !errors.Is(err, io.ErrClosedPipe) || time.Since(begin) != time.Millisecond {
			t.Errorf("closing lets a held write go on with %v after %v", err, time.Since(begin))
		}
		if len(c.faults.conns) != 0 {
			t.Error("the fault injection still knows the closed connection")
		}
	})
}

func TestCutIsAReset(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	w := &faults{drop: 1, rand: rand.New(rand.NewPCG(1, 1))}
	c, err := w.dial(t.Context(), "tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	far, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.run(ctx)
	}()
	if err := far.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := far.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the other end reads %v, want a reset", err)
	}
	cancel()
	<-done
	if drops, stalls := w.counts(); drops == 0 || stalls != 0 {
		t.Errorf("%d drops and %d stalls are counted", drops, stalls)
	}
}

func TestChances(t *testing.T) {
	w := &faults{drop: 0.05, stall: 0.1, rand: rand.New(rand.NewPCG(3, 3))}
	for range 100 {
		injected(w, nil)
	}
	cut, held := 0, 0
	for range 10 * time.Second / drawEvery {
		cut += len(w.draw())
	}
	now := time.Now()
	for _, c := range w.conns {
		if left := c.until.Sub(now); left > 0 {
			held++
			if left > maxStall {
				t.Errorf("held for %v", left)
			}
		}
	}
	drops, stalls := w.counts()
	if drops != uint64(cut) || drops < 30 || drops > 75 || stalls < 70 || stalls > 135 || held == 0 {
		t.Errorf("of 100 connections in 10 s %d are cut, want about 50, and %d stalled, want about 100", drops, stalls)
	}
	w.stop()
	for range 1000 {
		if w.draw() != nil {
			t.Fatal("a cut after the injection of faults was stopped")
		}
	}
}

func TestConnectionsWithoutFaultsAreNotWrapped(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	w := &faults{}
	w.run(t.Context()) // returns
	c, err := w.dial(t.Context(), "tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, plain := c.(*net.TCPConn); !plain {
		t.Errorf("dial returns %T", c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.dial(ctx, "tcp", ln.Addr().String()); err == nil {
		t.Error("dial ignores its context")
	}
}
