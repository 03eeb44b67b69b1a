package app

import (
	"errors"
	"time"

	"arbiter/server/transport"
)

// serveLimits bound what clients may take.
type serveLimits struct {
	MaxConnections int           `group:"Limits" default:"65536" help:"Connections in all."`
	MaxPerAddress  int           `group:"Limits" default:"256" help:"Connections of one IPv4 address or IPv6 /64."`
	MaxMatches     int           `group:"Limits" default:"1024" help:"Running matches."`
	MaxSpectators  int           `group:"Limits" default:"64" help:"Spectators of one match; 0 for none."`
	MessageBytes   int           `group:"Limits" default:"4096" help:"Bytes of one client message, at most 1 MB."`
	MessageRate    int           `group:"Limits" default:"120" help:"Messages a second of one client, on average."`
	ByteRate       int           `group:"Limits" default:"32768" help:"Bytes a second from one client, on average."`
	Heartbeat      time.Duration `group:"Limits" default:"15s" help:"Silence before a client is pinged; after twice this it is disconnected."`
	Workers        int           `group:"Limits" default:"0" help:"Goroutines that write to clients; 0 for one a CPU."`

	shedFlags
}

func (l *serveLimits) validate() error {
	return errors.Join(
		atLeast("max-connections", l.MaxConnections, 1),
		atLeast("max-per-address", l.MaxPerAddress, 1),
		atLeast("max-matches", l.MaxMatches, 1),
		atLeast("max-spectators", l.MaxSpectators, 0),
		atLeast("message-bytes", l.MessageBytes, 256),
		atMost("message-bytes", l.MessageBytes, 1<<20),
		atLeast("message-rate", l.MessageRate, 1),
		atLeast("byte-rate", l.ByteRate, 1024),
		atLeast("heartbeat", l.Heartbeat, time.Second),
		atLeast("workers", l.Workers, 0),
	)
}

func (l *serveLimits) limits() transport.Limits {
	return transport.Limits{
		MaxConns:      l.MaxConnections,
		MaxPerAddress: l.MaxPerAddress,
		MessageBytes:  l.MessageBytes,
		MessageRate:   l.MessageRate,
		ByteRate:      l.ByteRate,
		Heartbeat:     l.Heartbeat,
	}
}

// spectators is the limit as the server spells it: 0 there is the default.
func (l *serveLimits) spectators() int {
	if l.MaxSpectators == 0 {
		return -1
	}
	return l.MaxSpectators
}
