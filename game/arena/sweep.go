package arena

// sweep is the line a bullet drew in its last move.
type sweep struct {
	x, y, dx, dy             float64 // where it is, and how it came there
	left, right, top, bottom float64 // a box beyond which nothing can touch it
}

func (b *Bullet) lastMove() sweep {
	const r = max(shipRadius, droneRadius)
	fromX, fromY := b.X-b.DX, b.Y-b.DY
	return sweep{
		b.X, b.Y, b.DX, b.DY,
		min(fromX, b.X) - r, max(fromX, b.X) + r, min(fromY, b.Y) - r, max(fromY, b.Y) + r,
	}
}

// near is the cheap question before touches.
func (s *sweep) near(x, y float64) bool {
	return x >= s.left && x <= s.right && y >= s.top && y <= s.bottom
}

// touches reports whether a circle about x, y meets the line: the distance
// from a point to a segment, compared squared.
func (s *sweep) touches(x, y, radius float64) bool {
	x, y = x-s.x, y-s.y // seen from the bullet, which came from -dx, -dy
	if long := float64(s.dx*s.dx) + float64(s.dy*s.dy); long > 0 {
		k := min(max((float64(x*s.dx)+float64(y*s.dy))/long, -1), 0)
		x -= float64(k * s.dx)
		y -= float64(k * s.dy)
	}
	return float64(x*x)+float64(y*y) <= float64(radius*radius)
}
