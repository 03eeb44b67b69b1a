package sim

import "fmt"

// The limits of a state; package game documents them.
const (
	MaxRows       = 1 << 16
	MaxStateBytes = 16_000_000
)

// LimitError is what rules are stopped with that exceed a limit of the state.
type LimitError struct {
	Table string // the field of the State; of all tables together, the one that takes most
	What  string
}

func (e *LimitError) Error() string { return "game: table " + e.Table + " " + e.What }

// wireSize is the most that a row takes in a keyframe: no less than 4 bytes for
// each value, so that it bounds their number too.
func (r *RowSchema) wireSize() int {
	if len(r.Fields) == 0 {
		return 0
	}
	size := 5 // its id
	for i := range r.Fields {
		f := &r.Fields[i]
		switch f.mem {
		case memBool, memInt8, memUint8, memInt16, memUint16:
			size += 4
		case memInt32, memUint32:
			size += 5
		case memString:
			size += 3 + f.MaxLen
		default:
			size += 9
		}
	}
	return size
}

// limit tells the tables how many rows they may have.
func (c *Core) limit() {
	c.sizes = make([]int, len(c.parts.Tables))
	for i, t := range c.parts.Tables {
		s := &c.schema.Tables[i]
		if c.sizes[i] = s.wireSize(); c.sizes[i] > 0 {
			t.Limit(s.Name, MaxRows)
		} else {
			t.Limit(s.Name, 0)
		}
	}
}

// checkSize stops rules whose state has become too large.
func (c *Core) checkSize() {
	sum, most, largest := 0, 0, 0
	for i, t := range c.parts.Tables {
		size := t.Memory().N * c.sizes[i]
		sum += size
		if size > most {
			most, largest = size, i
		}
	}
	if sum > MaxStateBytes {
		panic(&LimitError{c.schema.Tables[largest].Name, fmt.Sprintf(
			"takes up to %d bytes of %d that all tables take, and a state may have %d (game.MaxStateBytes); delete rows, shorten strings, or hide fields with `net:\"-\"`",
			most, sum, MaxStateBytes)})
	}
}
