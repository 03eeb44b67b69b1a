package match

import (
	"arbiter/netcode"
	"arbiter/server/metrics"

	"github.com/prometheus/client_golang/prometheus"
)

// collector reads, when the metrics are asked for, what parts of the engine count
// themselves.
type collector struct{ engine *Engine }

// Describe implements [prometheus.Collector]. It sends nothing, because some
// metrics exist only once they have counted something.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (c collector) Collect(ch chan<- prometheus.Metric) {
	e := metrics.Emitter{Metrics: ch}
	e.Gauge("shedding", "What is refused because the server has too much to do: 0 nothing, 1 new matches, 2 new connections too.", int(c.engine.overload.current()))
	e.Gauge("matches_stuck", "Matches that were abandoned because their rules did not return, and still have not: each may use up a processor.", c.engine.Stuck())
	e.Gauge("sessions", "Live sessions, those before their hello included.", c.engine.sessions.len())
	c.messages(e)
	c.matches(e)
	c.output(e)
}

func (c collector) messages(e metrics.Emitter) {
	m := c.engine.metrics
	for _, d := range []struct {
		direction string
		traffic   *[kinds]traffic
	}{{"in", &m.in}, {"out", &m.out}} {
		for k := range d.traffic {
			t := &d.traffic[k]
			n := t.messages.Load()
			if n == 0 {
				continue
			}
			kind := netcode.Kind(k).String()
			e.Count("messages_total", "Messages by kind.", n, "direction", d.direction, "kind", kind)
			e.Count("message_bytes_total", "Payload of messages by kind.", t.bytes.Load(), "direction", d.direction, "kind", kind)
		}
	}
}

func (c collector) matches(e metrics.Emitter) {
	type total struct{ matches, players, reserved, spectators int }
	of := map[string]*total{}
	for name := range c.engine.games {
		of[name] = new(total)
	}
	for _, m := range c.engine.lobby.list() {
		c, g := m.roster.occupancy(), of[m.game.name]
		g.matches++
		g.players += c.players
		g.reserved += c.reserved
		g.spectators += c.spectators
	}
	for name, g := range of {
		e.Gauge("matches", "Running matches.", g.matches, "game", name)
		e.Gauge("players", "Seats taken, those that wait for their player included.", g.players, "game", name)
		e.Gauge("reserved", "Seats kept for players who have not come yet.", g.reserved, "game", name)
		e.Gauge("spectators", "Spectators.", g.spectators, "game", name)
	}
}

func (c collector) output(e metrics.Emitter) {
	p := c.engine.output
	e.Count("output_tasks_total", "Tasks of the worker pool, by who ran them: a worker, or the match itself because all workers were busy.", p.pooled.Load(), "ran", "pool")
	e.Count("output_tasks_total", "Tasks of the worker pool, by who ran them: a worker, or the match itself because all workers were busy.", p.inline.Load(), "ran", "match")
	e.Count("output_panics_total", "Panics while a snapshot was written.", p.panics.Load())
	e.Gauge("output_workers", "Workers of the worker pool.", p.ants.Running())
}
