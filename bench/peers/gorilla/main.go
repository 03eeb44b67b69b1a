// Command gorilla is what Arbiter is compared with: a game server as it is
// usually written in Go. It uses gorilla/websocket with two goroutines a client,
// and sends the full state in every tick, as JSON or msgpack, encoded once for
// all players of a match. The game is Arbiter's workload.
//
// It is a module of its own, so that its dependencies stay out of Arbiter's.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gorilla:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("gorilla", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:9001", "address to listen on")
	format := flags.String("format", "json", "json or msgpack")
	players := flags.Int("players", 10, "players of a match: 2, 10, 64 or 200")
	rate := flags.Int("rate", 20, "ticks a second")
	if err := flags.Parse(args); err != nil {
		return err
	}
	code, ok := codecs[*format]
	if !ok {
		return fmt.Errorf("no format %q: use json or msgpack", *format)
	}
	l := &lobby{players: *players, rate: *rate, code: code}
	server := &http.Server{Addr: *addr, Handler: http.HandlerFunc(l.serve), ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}
