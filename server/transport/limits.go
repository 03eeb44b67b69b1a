package transport

import "time"

// Limits bound what clients may take. For every field zero means the default
// that is named in its comment; so do negative values where no other meaning
// is given.
type Limits struct {
	MaxConns      int // connections of all addresses; 65,536; negative: no limit
	MaxPerAddress int // connections of one IPv4 address or IPv6 /64; 256; negative: no limit

	ConnRate         int // new connections per second; 5,000; negative: no limit
	ConnBurst        int // new connections at once; twice ConnRate
	AddressConnRate  int // new connections per second of one address; MaxPerAddress, but at least 64; negative: no limit
	AddressConnBurst int // new connections at once of one address; twice AddressConnRate

	HeadBytes   int           // request head; 8 KB
	HeadLines   int           // request line and header lines; 64
	HeadTimeout time.Duration // from accept to a complete head, TLS handshake included; 5 s
	Handshakes  int           // TLS handshakes under way on epoll; more wait, or end stalled ones; 1024

	AuthTimeout  time.Duration // from upgrade to the first complete message; 5 s
	Heartbeat    time.Duration // silence before a ping, and time to answer it before the connection is closed; 15 s
	CloseTimeout time.Duration // from the first close frame or refusal to the end of the TCP connection; 2 s

	MessageBytes   int           // payload of one message, all fragments together; 4 KB; at most 64 MB
	Fragments      int           // frames of one message; 16
	MessageTimeout time.Duration // from the first to the last byte of one message; 10 s

	MessageRate  int // messages per second, on average; 120
	MessageBurst int // messages at once; twice MessageRate
	ByteRate     int // bytes per second on the wire, on average; 32 KB
	ByteBurst    int // bytes at once; the larger of twice ByteRate and four times MessageBytes
	ControlRate  int // ping and pong frames per second, on average; 10
	ControlBurst int // ping and pong frames at once; twice ControlRate

	// Rates of all connections of one address, and of all, on average; twice
	// that at once. Negative: no limit. Zero: for an address, half of what
	// MaxPerAddress connections may take one by one; in all, no limit.
	AddressMessageRate, TotalMessageRate int // messages per second
	AddressByteRate, TotalByteRate       int // bytes per second on the wire
	AddressControlRate, TotalControlRate int // ping and pong frames per second

	PendingBytes int           // bytes accepted by Send that the kernel has not taken, beyond one longer message; 64 KB
	SendBuffer   int           // SO_SNDBUF of each socket, bytes; 32 KB
	UserTimeout  time.Duration // TCP_USER_TIMEOUT (Linux), sent data without acknowledgement; 20 s
}

func (l *Limits) fill() {
	if l.MaxConns == 0 {
		l.MaxConns = 65536
	}
	if l.MaxPerAddress == 0 {
		l.MaxPerAddress = 256
	}
	def(&l.HeadBytes, 8<<10)
	def(&l.HeadLines, 64)
	def(&l.HeadTimeout, 5*time.Second)
	def(&l.Handshakes, 1024)
	def(&l.AuthTimeout, 5*time.Second)
	def(&l.Heartbeat, 15*time.Second)
	def(&l.CloseTimeout, 2*time.Second)
	def(&l.MessageBytes, 4<<10)
	def(&l.Fragments, 16)
	def(&l.MessageTimeout, 10*time.Second)
	def(&l.MessageRate, 120)
	def(&l.MessageBurst, 2*l.MessageRate)
	def(&l.ByteRate, 32<<10)
	def(&l.ByteBurst, max(2*l.ByteRate, 4*l.MessageBytes))
	def(&l.ControlRate, 10)
	def(&l.ControlBurst, 2*l.ControlRate)
	def(&l.PendingBytes, 64<<10)
	def(&l.SendBuffer, 32<<10)
	def(&l.UserTimeout, 20*time.Second)
	l.fillShared()
}

func def[T int | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// fillShared fills the rates whose negative values mean no limit.
func (l *Limits) fillShared() {
	or(&l.ConnRate, 5000)
	or(&l.ConnBurst, 2*l.ConnRate)
	rate := l.MaxPerAddress
	if rate > 0 {
		rate = max(rate, 64)
	}
	or(&l.AddressConnRate, rate)
	or(&l.AddressConnBurst, 2*l.AddressConnRate)
	each := float64(max(l.MaxPerAddress, 0)) / 2
	for _, r := range []struct {
		rate *int
		of   int
	}{{&l.AddressMessageRate, l.MessageRate}, {&l.AddressByteRate, l.ByteRate}, {&l.AddressControlRate, l.ControlRate}} {
		or(r.rate, int(min(each*float64(r.of), maxRate)))
		or(r.rate, -1) // no limit of connections, none of what they take
	}
	or(&l.TotalMessageRate, -1)
	or(&l.TotalByteRate, -1)
	or(&l.TotalControlRate, -1)
}

// maxRate is as good as no limit: a token every nanosecond.
const maxRate = 1e9

func or(v *int, d int) {
	if *v == 0 {
		*v = d
	}
}
