package replicate

import (
	"math"
	"math/bits"
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
)

// grid finds the rows of one table near a point: a uniform grid over the
// rows' bounding box, filled by counting sort.
type grid struct {
	x, y       []float64
	start      []int32  // of each cell in order; one more at the end
	order      []point  // rows by cell
	cell       []int32  // of each row
	found      []uint64 // a bit for each row; all zero between searches
	minX, minY float64
	size       float64
	cols, rows int
}

// point is one row and where it is: what a search looks at lies together.
type point struct {
	x, y float64
	row  int32
}

const maxGridSide = 64 // cells

func (g *grid) build(rows sim.Rows, n int, radius float64) {
	g.x, g.y = slices.Grow(g.x[:0], n)[:n], slices.Grow(g.y[:0], n)[:n]
	g.cell, g.order = slices.Grow(g.cell[:0], n)[:n], slices.Grow(g.order[:0], n)[:n]
	g.found = slices.Grow(g.found[:0], n/64+1)[:n/64+1]
	g.minX, g.minY = math.Inf(1), math.Inf(1)
	maxX, maxY := math.Inf(-1), math.Inf(-1)
	for i := range n {
		x, y := rows.Position(i)
		g.x[i], g.y[i] = x, y
		g.minX, maxX = min(g.minX, x), max(maxX, x)
		g.minY, maxY = min(g.minY, y), max(maxY, y)
	}
	width, height := maxX-g.minX, maxY-g.minY
	g.size = max(radius, width/(maxGridSide-1), height/(maxGridSide-1))
	if !(g.size > 0) || math.IsInf(g.size, 1) { // nobody, one spot, or no numbers
		g.size, g.minX, g.minY, width, height = 1, 0, 0, 0, 0
	}
	g.cols, g.rows = int(width/g.size)+1, int(height/g.size)+1
	g.sort(n)
}

func (g *grid) sort(n int) {
	cells := g.cols * g.rows
	g.start = slices.Grow(g.start[:0], cells+1)[:cells+1]
	clear(g.start)
	for i := range n {
		c := int32(g.row(g.y[i])*g.cols + g.col(g.x[i]))
		g.cell[i] = c
		g.start[c]++
	}
	sum := int32(0)
	for c := range g.start {
		g.start[c], sum = sum, sum+g.start[c]
	}
	for i := range n {
		c := g.cell[i]
		g.order[g.start[c]] = point{g.x[i], g.y[i], int32(i)}
		g.start[c]++
	}
	copy(g.start[1:], g.start[:cells]) // each start had moved to the next one's
	g.start[0] = 0
}

func (g *grid) col(x float64) int { return clampCell((x-g.minX)/g.size, g.cols) }
func (g *grid) row(y float64) int { return clampCell((y-g.minY)/g.size, g.rows) }

func clampCell(v float64, n int) int {
	if !(v > 0) {
		return 0
	}
	return int(min(v, float64(n-1)))
}

// within appends the rows in the area, in ascending order. Cells hold them in
// another order; marking them in a bit set and reading that is cheaper than
// sorting.
func (g *grid) within(a game.Area, list []int32) []int32 {
	c0, c1 := g.col(a.X-a.Radius), g.col(a.X+a.Radius)
	r0, r1 := g.row(a.Y-a.Radius), g.row(a.Y+a.Radius)
	first, last, square := len(g.found), -1, a.Radius*a.Radius
	for r := r0; r <= r1; r++ {
		lo, hi := g.start[r*g.cols+c0], g.start[r*g.cols+c1+1]
		for k := range g.order[lo:hi] {
			p := &g.order[int(lo)+k]
			dx, dy := p.x-a.X, p.y-a.Y
			if float64(dx*dx)+float64(dy*dy) <= square {
				w := int(p.row >> 6)
				g.found[w] |= 1 << (p.row & 63)
				first, last = min(first, w), max(last, w)
			}
		}
	}
	for w := first; w <= last; w++ {
		for m := g.found[w]; m != 0; m &= m - 1 {
			list = append(list, int32(w<<6+bits.TrailingZeros64(m)))
		}
		g.found[w] = 0
	}
	return list
}
