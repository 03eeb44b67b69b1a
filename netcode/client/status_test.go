package client

import (
	"io"
	"testing"

	"arbiter/netcode"
)

func TestActionsByError(t *testing.T) {
	for err, want := range map[error]netcode.Action{
		&CloseError{Code: netcode.CodeSlow}:   netcode.Resume,
		&CloseError{Code: netcode.CodeDrain}:  netcode.Reconnect,
		&CloseError{Code: netcode.CodeKicked}: netcode.GiveUp,
		&CloseError{Code: netcode.CodeNoGame}: netcode.GiveUp,
		&RefusedError{Status: 403}:            netcode.GiveUp,
		&RefusedError{Status: 429}:            netcode.Resume,
		&RefusedError{Status: 503}:            netcode.Resume,
		final(io.EOF):                         netcode.GiveUp,
		marked{io.EOF, errUnreachable}:        netcode.Resume,
		io.ErrUnexpectedEOF:                   netcode.Resume,
	} {
		if got := (&Config{}).action(err); got != want {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
}
