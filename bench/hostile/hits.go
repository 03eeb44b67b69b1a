package hostile

import (
	"context"
	"strings"
	"time"
)

// slowloris asks for a WebSocket, one byte a second.
func slowloris(ctx context.Context, w *worker) error {
	l, err := w.talk(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	for _, b := range w.request("slow") {
		if _, err := l.Write([]byte{b}); err != nil || l.hear(time.Second) {
			return nil
		}
	}
	return nil
}

// idle says nothing, every other time after the upgrade.
func idle(ctx context.Context, w *worker) error {
	open := w.talk
	if w.number%2 == 1 {
		open = w.join
	}
	l, err := open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	l.hear(time.Hour)
	return nil
}

// churn connects and resets.
func churn(ctx context.Context, w *worker) error {
	l, err := w.dial(ctx)
	if err != nil {
		return err
	}
	return l.Close()
}

// fragments begins a message and does not end it.
func fragments(ctx context.Context, w *worker) error {
	l, err := w.join(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	payload := make([]byte, 100)
	b := frame(0x02, 100, payload)
	for ctx.Err() == nil {
		if _, err := l.Write(b); err != nil {
			l.counts.ended.Add(1)
			return nil
		}
		b = frame(0x00, uint64(w.turn%2*100), payload[:w.turn%2*100]) // every other time empty ones
	}
	return nil
}

// pings floods.
func pings(ctx context.Context, w *worker) error {
	l, err := w.join(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	var b []byte
	for range 50 {
		b = append(b, frame(0x89, 125, make([]byte, 125))...)
	}
	for ctx.Err() == nil {
		_ = l.SetWriteDeadline(time.Now().Add(patience))
		if _, err := l.Write(b); err != nil {
			l.counts.ended.Add(1)
			return nil
		}
	}
	return nil
}

// frames sends what cannot be, or the beginning of what will not come.
func frames(ctx context.Context, w *worker) error {
	l, err := w.join(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	some := make([]byte, 64)
	for _, b := range [][]byte{
		frame(0x82, 1<<62, some), frame(0x82, 1<<63+5, some), frame(0x82, 1<<20, some), frame(0xf2, 64, some), frame(0x8b, 64, some),
		frame(0x82, 3000, some), frame(0x82, 1000, nil)[:1], // truncated: these wait for the rest
	}[w.turn%7 : w.turn%7+1] {
		if _, err := l.Write(b); err != nil {
			return nil
		}
	}
	l.hear(time.Second)
	return nil
}

// tokens asks with a token that is not valid.
func tokens(ctx context.Context, w *worker) error {
	l, err := w.talk(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	good := w.orders.Tokens[w.number%len(w.orders.Tokens)]
	parts := strings.Split(good, ".")
	bad := [...]string{
		good[:len(good)-6] + "AAAAAA", "a.b.c", strings.Repeat("x", 6000), "",
		"eyJhbGciOiJub25lIn0." + parts[min(1, len(parts)-1)] + ".",
	}
	if _, err := l.ask(w.request(bad[w.turn%len(bad)])); err != nil {
		return err
	}
	l.counts.ended.Add(1)
	return nil
}

// muteBuffer is small, so that what nobody reads is soon the server's worry.
const muteBuffer = 4 << 10

// mute takes a seat and never reads, but says that it is there.
func mute(ctx context.Context, w *worker) error {
	l, err := w.join(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	_ = l.tcp.SetReadBuffer(muteBuffer)
	b := frame(0x82, uint64(len(w.orders.Hello)), w.orders.Hello)
	for {
		if _, err := l.Write(b); err != nil {
			l.counts.ended.Add(1)
			return nil
		}
		if !rest(ctx, time.Second) {
			return nil
		}
		b = frame(0x89, 0, nil)
	}
}

// stall begins a TLS handshake and leaves it at that.
func stall(ctx context.Context, w *worker) error {
	l, err := w.dial(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	half := append([]byte{0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3}, make([]byte, 90)...)
	if _, err := l.Write(half); err != nil {
		return nil
	}
	l.hear(time.Minute)
	return nil
}
