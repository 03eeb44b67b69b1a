package floor

import (
	"fmt"
	"runtime"
	"time"
)

// Config says what to send. The zero values of Bytes and Rate mean 148 and 20.
type Config struct {
	Addr  string // IPv4 address and port to listen on
	Admin string // where its lateness is told, as Prometheus has it; empty: nowhere
	Bytes int    // payload of a message, 4 to 60,000
	Rate  int    // messages a second to each client
	Group int    // clients served in one go, as those of a match; zero means 10
	Loops int    // zero means GOMAXPROCS
}

func (c *Config) fill() error {
	if c.Bytes == 0 {
		c.Bytes = 148
	}
	if c.Rate == 0 {
		c.Rate = 20
	}
	if c.Group <= 0 {
		c.Group = 10
	}
	if c.Loops <= 0 {
		c.Loops = runtime.GOMAXPROCS(0)
	}
	if c.Bytes < 4 || c.Bytes > 60000 || c.Rate < 1 || c.Rate > 1000 {
		return fmt.Errorf("bench: a floor of %d bytes at %d Hz: use 4 to 60000 bytes and 1 to 1000 Hz", c.Bytes, c.Rate)
	}
	return nil
}

func (c *Config) interval() time.Duration { return time.Second / time.Duration(c.Rate) }
