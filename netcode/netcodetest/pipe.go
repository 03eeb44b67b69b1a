package netcodetest

// Pipe is a two-way connection: two links with luck of their own.
type Pipe struct {
	Up   *Link // client to server
	Down *Link // server to client
}

// NewPipe returns a pipe whose two links are as cfg says, differently seeded.
func NewPipe(cfg Config) Pipe {
	down := cfg
	down.Seed = ^cfg.Seed
	return Pipe{Up: NewLink(cfg), Down: NewLink(down)}
}

// Cut drops the connection: everything on the way in both directions is lost.
func (p Pipe) Cut() {
	p.Up.Cut()
	p.Down.Cut()
}
