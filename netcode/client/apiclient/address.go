package apiclient

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// playPath is where a server's WebSockets are, below its base.
const playPath = "/play"

// ErrAddress: a text is not the address of a server.
var ErrAddress = errors.New("it must look like https://host, wss://host/prefix or ws://host:port")

// Addresses are where a server is reached.
type Addresses struct {
	API  *url.URL // http or https: what the paths of the API go below
	Play *url.URL // ws or wss: of the WebSocket of a match, with the query that was given
}

// ParseAddress reads the address of a server, by http, https, ws or wss, or that
// of one of its seats. Its path is a prefix, below which a proxy has the server;
// one that ends in /play is the WebSocket's. The error is an [ErrAddress].
func ParseAddress(text string) (Addresses, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Addresses{}, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	api, play := *u, *u
	switch u.Scheme {
	case "http", "ws":
		api.Scheme, play.Scheme = "http", "ws"
	case "https", "wss":
		api.Scheme, play.Scheme = "https", "wss"
	default:
		return Addresses{}, ErrAddress
	}
	if u.Host == "" {
		return Addresses{}, ErrAddress
	}
	prefix := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), playPath)
	api.Path, play.Path = prefix+"/", prefix+playPath
	api.RawPath, api.RawQuery, api.Fragment = "", "", ""
	play.RawPath, play.Fragment = "", ""
	return Addresses{&api, &play}, nil
}
