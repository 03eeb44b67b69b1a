package hostile

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"arbiter/bench/machine"
)

// Serve reads orders, follows them until ctx ends, and writes what came of it.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var o Orders
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return fmt.Errorf("bench: orders: %w", err)
	}
	machine.Descriptors()
	machine.Yield()
	t, err := Attack(ctx, o)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(t)
}

// Attack follows orders until ctx ends.
func Attack(ctx context.Context, o Orders) (Tally, error) {
	k, err := o.fill()
	if err != nil {
		return Tally{}, err
	}
	var c counts
	began := time.Now()
	var crew sync.WaitGroup
	for n := range o.Workers {
		w := &worker{number: n, orders: &o, counts: &c}
		crew.Go(func() { w.run(ctx, k) })
	}
	crew.Wait()
	return c.tally(began), nil
}
