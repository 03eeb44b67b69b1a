package client

import (
	"context"
	"fmt"
)

// HostArena hosts the arena in memory, for examples: it returns a Config to
// connect with.
func HostArena() (cfg Config, stop func()) {
	h := newHost(printer{})
	return h.config(), h.close
}

// printer prints what goes wrong, which makes an example fail by its output.
type printer struct{}

func (printer) Context() context.Context          { return context.Background() }
func (printer) Helper()                           {}
func (printer) Error(args ...any)                 { fmt.Println(args...) }
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (printer) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
