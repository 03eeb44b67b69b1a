package match

import (
	"container/heap"
	"sync"
)

// openMatches are the matches of a game that anybody may come into: the fullest
// first and, among those as full, the one whose id comes first. Rosters keep
// them up to date, so that a player who just wants to play is placed without a look
// at every match. Safe for concurrent use. Rosters call it while they are locked; it
// calls none of their methods.
type openMatches struct {
	mu   sync.Mutex
	heap openHeap // guarded by mu
}

// openEntry is an open match's entry. Its fields are guarded by openMatches.mu.
type openEntry struct {
	match *Match
	taken int // slots that are not free
	rank  int // in the heap, from 1; 0: it is not in it
}

// fullest returns the first match, or nil.
func (o *openMatches) fullest() *Match {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.heap) == 0 {
		return nil
	}
	return o.heap[0].match
}

// update puts an entry where it belongs: with that many slots taken, or
// nowhere unless its match is open.
func (o *openMatches) update(e *openEntry, taken int, open bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case !open && e.rank > 0:
		heap.Remove(&o.heap, e.rank-1)
	case open && e.rank == 0:
		e.taken = taken
		heap.Push(&o.heap, e)
	case open && e.taken != taken:
		e.taken = taken
		heap.Fix(&o.heap, e.rank-1)
	}
}

// openHeap implements heap.Interface.
type openHeap []*openEntry

func (h openHeap) Len() int { return len(h) }

func (h openHeap) Less(i, j int) bool {
	a, b := h[i], h[j]
	return a.taken > b.taken || a.taken == b.taken && a.match.id < b.match.id
}

func (h openHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].rank, h[j].rank = i+1, j+1
}

func (h *openHeap) Push(x any) {
	e := x.(*openEntry)
	*h = append(*h, e)
	e.rank = len(*h)
}

func (h *openHeap) Pop() any {
	list := *h
	e := list[len(list)-1]
	list[len(list)-1] = nil
	*h, e.rank = list[:len(list)-1], 0
	return e
}
