package bench

import (
	"context"

	"arbiter/bench/target"
)

// Base is what a server holds when nothing is going on but play.
type Base struct {
	Heap     float64 `json:"heap_bytes"` // after a collection, stacks included
	RSS      float64 `json:"rss_bytes"`
	Files    float64 `json:"descriptors"`
	Routines float64 `json:"goroutines"`
}

// slack is what a base may grow without a leak: pools and buffers that the server
// keeps for the next clients.
const (
	heapSlack  = 2 << 20 // bytes
	heapShare  = 1.2
	fileSlack  = 8
	routeSlack = 16
)

// Within reports whether b is the base again that it was before.
func (b Base) Within(before Base) bool {
	return b.Heap <= before.Heap*heapShare+heapSlack && b.Files <= before.Files+fileSlack && b.Routines <= before.Routines+routeSlack
}

// LookAt lets a server collect its garbage and looks.
func LookAt(ctx context.Context, p *target.Process) (Base, error) {
	if err := p.Collect(ctx); err != nil {
		return Base{}, err
	}
	m, err := p.Metrics(ctx)
	if err != nil {
		return Base{}, err
	}
	return Base{
		Heap: m.Sum("go_memstats_heap_alloc_bytes") + m.Sum("go_memstats_stack_inuse_bytes"), RSS: m.Sum("process_resident_memory_bytes"),
		Files: m.Sum("process_open_fds"), Routines: m.Sum("go_goroutines"),
	}, nil
}
