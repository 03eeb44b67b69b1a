package app

import (
	"errors"

	"arbiter/server/transport"
)

// rateFlags bound what one address, and all of them, may take a second. Zero
// is the default that stands with transport.Limits.
type rateFlags struct {
	ConnectRate        int     `group:"Limits" default:"5000" help:"New connections a second, on average."`
	AddressConnectRate int     `group:"Limits" default:"0" help:"New connections a second of one address; 0 for as many as --max-per-address."`
	ControlRate        int     `group:"Limits" default:"10" help:"Ping and pong frames a second of one client, on average."`
	AddressMessageRate int     `group:"Limits" default:"0" help:"Messages a second of one address; 0 for half of what all its connections may send."`
	AddressByteRate    int     `group:"Limits" default:"0" help:"Bytes a second from one address; 0 for half of what all its connections may send."`
	TotalMessageRate   int     `group:"Limits" default:"0" help:"Messages a second of all clients; 0 for no limit."`
	TotalByteRate      int     `group:"Limits" default:"0" help:"Bytes a second from all clients; 0 for no limit."`
	RequestRate        float64 `group:"Limits" default:"10" help:"Matches and seats a second that one identity may ask for over HTTP, on average; a service, or all guests, a hundred times as many; 0 for no limit."`
	TLSHandshakes      int     `group:"Limits" name:"tls-handshakes" default:"1024" help:"TLS handshakes under way; more wait their turn."`
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

// requests is the rate as the server spells it: 0 there is the default.
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
