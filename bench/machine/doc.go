// Package machine knows the computer that is measured on: what it is, which
// processors a thread may use, and what a process has cost.
//
// Pinning and costs need Linux; elsewhere they return [ErrUnsupported].
package machine

import "errors"

// ErrUnsupported is returned by what only Linux can tell.
var ErrUnsupported = errors.New("bench: pinning and costs of processes need Linux: run the benchmark there")
