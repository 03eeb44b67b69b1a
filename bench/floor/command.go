package floor

// Options of the hidden "arbiter bench floor-server", by which a benchmark
// starts a floor in a process of its own.
type Options struct {
	Addr  string `required:"" help:"IPv4 address and port to listen on."`
	Admin string `name:"admin-addr" help:"Address and port of its metrics."`
	Bytes int    `default:"148" help:"Payload of a message, in bytes."`
	Rate  int    `default:"20" help:"Messages per second to each client."`
	Group int    `default:"10" help:"Clients served at a time."`
}

// Config is what they mean.
func (o Options) Config() Config {
	return Config{Addr: o.Addr, Admin: o.Admin, Bytes: o.Bytes, Rate: o.Rate, Group: o.Group}
}
