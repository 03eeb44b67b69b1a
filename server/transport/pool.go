package transport

import (
	"math/bits"
	"sync"
)

// Buffers come in powers of two between these sizes; larger ones are left to
// the garbage collector.
const (
	minClass  = 9  // 512 bytes
	maxClass  = 16 // 64 KB
	classKeep = 64 // free buffers kept per class
)

// pool lends the buffers that hold unfinished heads and messages and pending
// output. It is safe for concurrent use.
type pool struct {
	poison bool // overwrite released buffers, so that tests see late readers

	mu   sync.Mutex
	free [maxClass - minClass + 1][][]byte // guarded by mu
}

func class(n int) int { return max(bits.Len(uint(max(n, 1)-1)), minClass) }

// get returns an empty buffer with room for n bytes.
func (p *pool) get(n int) []byte {
	k := class(n)
	if k > maxClass {
		return make([]byte, 0, 1<<k) // not n, or a buffer that grows would be copied with every piece
	}
	p.mu.Lock()
	list := &p.free[k-minClass]
	if last := len(*list) - 1; last >= 0 {
		b := (*list)[last]
		(*list)[last] = nil
		*list = (*list)[:last]
		p.mu.Unlock()
		return b
	}
	p.mu.Unlock()
	return make([]byte, 0, 1<<k)
}

// put takes back a buffer that get or add returned. Nil is allowed.
func (p *pool) put(b []byte) {
	if cap(b) == 0 {
		return
	}
	if p.poison {
		poison(b[:cap(b)])
	}
	k := class(cap(b))
	if k > maxClass || cap(b) != 1<<k {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if list := &p.free[k-minClass]; len(*list) < classKeep {
		*list = append(*list, b[:0])
	}
}

// add appends data to b, a buffer of this pool or nil, and returns the result
// in place of b.
func (p *pool) add(b, data []byte) []byte {
	if need := len(b) + len(data); need > cap(b) || b == nil {
		grown := append(p.get(need), b...)
		p.put(b)
		b = grown
	}
	return append(b, data...)
}

func poison(b []byte) {
	for i := range b {
		b[i] = 0xdb
	}
}
