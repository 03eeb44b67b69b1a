package app

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"arbiter/server/transport"
)

// serveLimits are upper bounds on what clients use.
type serveLimits struct {
	MaxConnections int           `group:"Limits" default:"65536" help:"Maximum number of connections."`
	MaxPerAddress  int           `group:"Limits" default:"256" help:"Maximum number of connections from one IPv4 address or IPv6 /64."`
	MaxMatches     int           `group:"Limits" default:"1024" help:"Maximum number of running matches."`
	MaxSpectators  int           `group:"Limits" default:"64" help:"Maximum number of spectators of one match; 0 for none."`
	MessageBytes   int           `group:"Limits" default:"4096" help:"Maximum size of one client message in bytes, 256 to 1048576."`
	MessageRate    int           `group:"Limits" default:"120" help:"Messages per second from one client, on average."`
	ByteRate       int           `group:"Limits" default:"32768" help:"Bytes per second from one client, on average."`
	Heartbeat      time.Duration `group:"Limits" default:"15s" help:"A client that is silent this long is pinged; after twice this time it is disconnected."`
	StepTimeout    time.Duration `group:"Limits" default:"2s" help:"A match whose rules take longer than this over a step is abandoned, and its players are sent away."`
	Workers        int           `group:"Limits" default:"0" help:"Size of the worker pool that writes to clients; 0 for one worker per CPU."`

	MaxMatchesPerPlayer int `group:"Limits" default:"4" help:"Maximum number of running matches that began because one player asked for them; 0 for no limit."`

	shedFlags
}

func (l *serveLimits) validate() error {
	return errors.Join(
		atLeast("max-connections", l.MaxConnections, 1),
		atLeast("max-per-address", l.MaxPerAddress, 1),
		atLeast("max-matches", l.MaxMatches, 1),
		atLeast("max-matches-per-player", l.MaxMatchesPerPlayer, 0),
		atLeast("max-spectators", l.MaxSpectators, 0),
		atLeast("message-bytes", l.MessageBytes, 256),
		atMost("message-bytes", l.MessageBytes, 1<<20),
		atLeast("message-rate", l.MessageRate, 1),
		atLeast("byte-rate", l.ByteRate, 1024),
		atLeast("heartbeat", l.Heartbeat, time.Second),
		atLeast("step-timeout", l.StepTimeout, 100*time.Millisecond),
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

// matchesPerPlayer is the limit as server.Config has it, where 0 is the default.
func (l *serveLimits) matchesPerPlayer() int {
	if l.MaxMatchesPerPlayer == 0 {
		return -1
	}
	return l.MaxMatchesPerPlayer
}

// spectators is the limit as server.Config has it, where 0 is the default.
func (l *serveLimits) spectators() int {
	if l.MaxSpectators == 0 {
		return -1
	}
	return l.MaxSpectators
}

// rateFlags are rate limits per address and in total. Zero is the default of
// transport.Limits.
type rateFlags struct {
	ConnectRate        int     `group:"Limits" default:"5000" help:"New connections per second, on average."`
	AddressConnectRate int     `group:"Limits" default:"0" help:"New connections per second from one address; 0 for the value of --max-per-address."`
	ControlRate        int     `group:"Limits" default:"10" help:"Ping and pong frames per second from one client, on average."`
	AddressMessageRate int     `group:"Limits" default:"0" help:"Messages per second from one address; 0 for half of what all its connections may send."`
	AddressByteRate    int     `group:"Limits" default:"0" help:"Bytes per second from one address; 0 for half of what all its connections may send."`
	TotalMessageRate   int     `group:"Limits" default:"0" help:"Messages per second from all clients together; 0 for no limit."`
	TotalByteRate      int     `group:"Limits" default:"0" help:"Bytes per second from all clients together; 0 for no limit."`
	RequestRate        float64 `group:"Limits" default:"10" help:"HTTP requests per second for matches and seats from one identity, on average; a service, or all guests together, may make a hundred times as many; 0 for no limit."`
	TLSHandshakes      int     `group:"Limits" name:"tls-handshakes" default:"1024" help:"Maximum number of TLS handshakes at a time; others wait."`
}

func (f *rateFlags) validate() error {
	return errors.Join(
		atLeast("connect-rate", f.ConnectRate, 1),
		atLeast("address-connect-rate", f.AddressConnectRate, 0),
		atLeast("control-rate", f.ControlRate, 1),
		atLeast("address-message-rate", f.AddressMessageRate, 0),
		atLeast("address-byte-rate", f.AddressByteRate, 0),
		atLeast("total-message-rate", f.TotalMessageRate, 0),
		atLeast("total-byte-rate", f.TotalByteRate, 0),
		atLeast("request-rate", f.RequestRate, 0),
		atLeast("tls-handshakes", f.TLSHandshakes, 1),
	)
}

// requests is the rate as server.Config has it, where 0 is the default.
func (f *rateFlags) requests() float64 {
	if f.RequestRate == 0 {
		return -1
	}
	return f.RequestRate
}

// limit adds the rates to the limits of one connection.
func (f *rateFlags) limit(l transport.Limits) transport.Limits {
	l.ConnRate = f.ConnectRate
	l.AddressConnRate = f.AddressConnectRate
	l.ControlRate = f.ControlRate
	l.AddressMessageRate, l.TotalMessageRate = f.AddressMessageRate, f.TotalMessageRate
	l.AddressByteRate, l.TotalByteRate = f.AddressByteRate, f.TotalByteRate
	l.Handshakes = f.TLSHandshakes
	return l
}

// shedFlags say when load shedding begins: overload control.
type shedFlags struct {
	ShedLateness autoDuration `group:"Limits" default:"auto" placeholder:"auto|DURATION" help:"Start no new matches while 1 % of all ticks of the last 5 s began later than this; at twice this time, admit only players who have a seat. auto is 20ms and, without keys, a warning only; 0 for never."`
	ShedMemory   memorySize   `group:"Limits" default:"auto" placeholder:"auto|BYTES" help:"Start no new matches while the process uses more memory than this, such as 900MB; at 5% more, admit only players who have a seat. auto is 90% of GOMEMLIMIT or, without it, of the cgroup's limit; 0 for never."`
}

// autoDuration is a duration as server.Config has it: 0 is auto, negative is off.
type autoDuration time.Duration

// memorySize is an amount of memory in bytes as server.Config has it: 0 is auto,
// negative is off.
type memorySize int64

var sizeUnits = []struct {
	suffix string
	bytes  int64
}{ // longer ones first
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1},
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *memorySize) UnmarshalText(text []byte) error {
	s := string(text)
	switch s {
	case "auto":
		*m = 0
		return nil
	case "0":
		*m = -1
		return nil
	}
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err == nil && n >= 1 && n <= 1<<50/u.bytes && n*u.bytes >= 1<<20 {
			*m = memorySize(n * u.bytes)
			return nil
		}
		break
	}
	return fmt.Errorf("%q is not an amount of memory: write 900MB, 2GiB or the like, at least 1MiB, or auto, or 0 for no limit", s)
}
