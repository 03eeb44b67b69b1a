package netcode

import "arbiter/game/sim"

// fieldCode is what encoding needs of a field, small enough that a row's fit
// into a cache line or two.
type fieldCode struct {
	mode fieldMode
	wrap int64
}

type fieldMode uint8

const (
	modeDelta fieldMode = iota
	modeLinear
	modeAbsolute
	modeReal
	modeText
)

// fieldCodes are the codes of the public fields of each table.
func fieldCodes(s *sim.Schema) [][]fieldCode {
	codes := make([][]fieldCode, len(s.Tables))
	for i := range s.Tables {
		for k := range s.Tables[i].Public {
			f := &s.Tables[i].Fields[k]
			c := fieldCode{mode: modeAbsolute, wrap: f.Wrap}
			switch {
			case f.Kind == sim.Text:
				c.mode = modeText
			case f.Kind == sim.Real:
				c.mode = modeReal
			case f.Codec == sim.Delta:
				c.mode = modeDelta
			case f.Codec == sim.Linear:
				c.mode = modeLinear
			}
			codes[i] = append(codes[i], c)
		}
	}
	return codes
}

// residual is what is sent for a cell that is expected to be pred: on a circle
// the shorter way round.
func residual(cell, pred, wrap int64) int64 {
	r := cell - pred
	if wrap > 0 {
		if r < 0 || r >= wrap {
			if r %= wrap; r < 0 {
				r += wrap
			}
		}
		if 2*r >= wrap {
			r -= wrap
		}
	}
	return r
}

// restore is the inverse of residual.
func restore(r, pred, wrap int64) int64 {
	c := pred + r
	if wrap > 0 && (c < 0 || c >= wrap) {
		if c %= wrap; c < 0 {
			c += wrap
		}
	}
	return c
}
