package replicate

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
