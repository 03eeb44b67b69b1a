package load

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"arbiter/bench/machine"
)

// Config says whom a fleet visits and how. NewFleet copies it.
type Config struct {
	// Server is where the clients connect, an IPv4 address.
	Server netip.AddrPort
	// Seat makes client number n, from 0.
	Seat func(n int) Seat
	// Path is what client number n asks for. Nil means "/".
	Path func(n int) string
	// Token returns the token of client number n. Nil means none.
	Token func(n int) string
	// Protocol is the WebSocket subprotocol. Empty means none.
	Protocol string

	// TLS encrypts the connections. Nil means plain ones.
	TLS *tls.Config

	// Tick is the interval of snapshots. Zero means 50 ms.
	Tick time.Duration
	// Input is the interval of a client's inputs. Zero means Tick, negative
	// that clients never say anything but their first message.
	Input time.Duration
	// Text sends text messages, not binary ones.
	Text bool
	// CPUs gets one loop each. Empty means one loop that may run anywhere.
	CPUs machine.CPUs
	// Dialing bounds the connections of one loop that are being made. Zero
	// means 64.
	Dialing int
	// Churn makes a client that has got its first snapshot leave, and another
	// one come in its place.
	Churn bool
}

func (c Config) filled() (Config, error) {
	if c.Tick == 0 {
		c.Tick = 50 * time.Millisecond
	}
	if c.Input == 0 {
		c.Input = c.Tick
	}
	if c.Dialing == 0 {
		c.Dialing = 64
	}
	if c.Path == nil {
		c.Path = func(int) string { return "/" }
	}
	if c.Token == nil {
		c.Token = func(int) string { return "" }
	}
	switch {
	case c.Seat == nil:
		return c, errors.New("bench: a fleet needs Config.Seat")
	case !c.Server.Addr().Is4():
		return c, fmt.Errorf("bench: server address %v is not IPv4: use one such as 127.0.0.1:8080", c.Server)
	}
	return c, nil
}
