package suite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Run runs them. A benchmark that fails leaves a note, and the others go on; what
// failed is the error, next to the report of the rest.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	list, err := o.chosen()
	if err != nil {
		return nil, err
	}
	d := s.Document("all", "Arbiter: what a match costs")
	if s.Quick {
		d.Command += " --quick"
	}
	began := time.Now()
	var failed []error
	for _, st := range list {
		if o.Within > 0 && time.Since(began) > o.Within {
			failed = append(failed, fmt.Errorf("bench: no time for %s within %v", st.name, o.Within))
			continue
		}
		s.Say("== %s", st.name)
		part, err := one(ctx, s, st)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", st.name, err))
			s.Say("%s: %v", st.name, err)
			continue
		}
		d.Parts = append(d.Parts, part)
	}
	for _, err := range failed {
		d.Notes = append(d.Notes, "Not measured: "+err.Error())
	}
	return d, errors.Join(failed...)
}

// one runs a step and notes what it took.
func one(ctx context.Context, s *bench.Session, st step) (*report.Document, error) {
	began := time.Now()
	part, err := st.run(ctx, s, st.flags)
	if err != nil {
		return nil, err
	}
	part.Command = strings.Join(append([]string{part.Command}, st.flags...), " ")
	part.Seconds = time.Since(began).Seconds()
	return part, nil
}
