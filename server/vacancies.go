package server

import (
	"container/heap"
	"sync"
)

// vacancies are the matches of a game that anybody may come into: the fullest
// first and, among those as full, the one whose id comes first. Doors keep them
// up to date, so that whoever just wants to play is placed without a look at
// every match. Safe for concurrent use. Doors call it while they are locked; it
// calls none of theirs.
type vacancies struct {
	mu   sync.Mutex
	heap vacancyHeap // guarded by mu
}

// vacancy is an open match's entry. Its fields are guarded by vacancies.mu.
type vacancy struct {
	match *match
	taken int // places that are not free
	rank  int // in the heap, from 1; 0: it is not in it
}

// fullest returns the first match, or nil.
func (v *vacancies) fullest() *match {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.heap) == 0 {
		return nil
	}
	return v.heap[0].match
}

// update puts an entry where it belongs: with that many places taken, or
// nowhere unless its match is open.
func (v *vacancies) update(e *vacancy, taken int, open bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case !open && e.rank > 0:
		heap.Remove(&v.heap, e.rank-1)
	case open && e.rank == 0:
		e.taken = taken
		heap.Push(&v.heap, e)
	case open && e.taken != taken:
		e.taken = taken
		heap.Fix(&v.heap, e.rank-1)
	}
}

// vacancyHeap implements heap.Interface.
type vacancyHeap []*vacancy

func (h vacancyHeap) Len() int { return len(h) }

func (h vacancyHeap) Less(i, j int) bool {
	a, b := h[i], h[j]
	return a.taken > b.taken || a.taken == b.taken && a.match.id < b.match.id
}

func (h vacancyHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].rank, h[j].rank = i+1, j+1
}

func (h *vacancyHeap) Push(x any) {
	e := x.(*vacancy)
	*h = append(*h, e)
	e.rank = len(*h)
}

func (h *vacancyHeap) Pop() any {
	list := *h
	e := list[len(list)-1]
	list[len(list)-1] = nil
	*h, e.rank = list[:len(list)-1], 0
	return e
}
