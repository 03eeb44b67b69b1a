package server

import (
	"strconv"
	"time"

	"arbiter/netcode"
	"arbiter/server/transport"

	"github.com/prometheus/client_golang/prometheus"
)

// collector reads, when the metrics page is asked for, what other parts of the
// server count themselves.
type collector struct{ s *Server }

// Describe implements [prometheus.Collector]. It sends nothing, because some
// metrics exist only once they have counted something.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (c collector) Collect(ch chan<- prometheus.Metric) {
	e := emitter{ch}
	st := c.s.transport.Stats()
	c.connections(e, &st)
	c.wire(e, &st)
	c.messages(e)
	c.matches(e)
	c.output(e)
	c.webhook(e)
	c.identity(e)
}

type emitter struct{ ch chan<- prometheus.Metric }

// labels is the name and value of each label in turn.
func (e emitter) emit(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	e.ch <- prometheus.MustNewConstMetric(prometheus.NewDesc("arbiter_"+name, help, names, nil), kind, value, values...)
}

func (e emitter) count(name, help string, value uint64, labels ...string) {
	e.emit(prometheus.CounterValue, name, help, float64(value), labels...)
}

func (e emitter) gauge(name, help string, value int, labels ...string) {
	e.emit(prometheus.GaugeValue, name, help, float64(value), labels...)
}

func (c collector) connections(e emitter, st *transport.Stats) {
	e.gauge("connections", "Open connections, those of HTTP included.", st.Open)
	e.count("connections_accepted_total", "Connections accepted by the kernel.", st.Accepted)
	for cause, n := range st.RefusedByCap {
		e.count("connections_refused_total", "Connections refused because a cap was reached.", n, "cap", cause)
	}
	for limit, n := range st.Limited {
		e.count("connections_limited_total", "Connections closed because a rate was exceeded: their own, their address's or that of all.", n, "limit", limit)
	}
	for version, n := range st.Secured {
		e.count("tls_handshakes_total", "TLS handshakes that succeeded, by version.", n, "version", version)
	}
	e.gauge("shedding", "What is refused because the server has too much to do: 0 nothing, 1 new matches, 2 new connections too.", int(c.s.core.overload.current()))
	e.gauge("addresses", "Addresses in the table of limits.", st.Addresses)
	e.count("accept_errors_total", "Failures of accept.", st.AcceptErrors)
	e.count("accept_shed_total", "Connections closed at once for want of descriptors.", st.AcceptShed)
	for result, n := range st.Handshakes {
		e.count("handshakes_total", "Request heads by what became of them; http is a request for no WebSocket.", n, "result", result)
	}
	for key, n := range st.Closes {
		side := "server"
		if key.Remote {
			side = "client"
		}
		e.count("connections_closed_total", "WebSockets that ended with a close frame, by its code and the side that sent it first.", n,
			"code", strconv.Itoa(int(key.Code)), "side", side)
	}
	for reason, n := range st.Drops {
		e.count("connections_dropped_total", "WebSockets that ended without a close frame.", n, "reason", reason)
	}
}

func (c collector) wire(e emitter, st *transport.Stats) {
	for _, d := range []struct {
		direction             string
		calls, bytes, ping, m uint64
	}{
		{"in", st.Reads, st.BytesIn, st.PingsIn, st.MessagesIn},
		{"out", st.Writes, st.BytesOut, st.PingsOut, st.Sends},
	} {
		e.count("wire_calls_total", "System calls that read from or wrote to connections.", d.calls, "direction", d.direction)
		e.count("wire_bytes_total", "Bytes on the wire, without TCP.", d.bytes, "direction", d.direction)
		e.count("wire_pings_total", "Ping frames.", d.ping, "direction", d.direction)
		e.count("wire_messages_total", "Messages, whatever their kind.", d.m, "direction", d.direction)
	}
	e.count("wire_partial_writes_total", "Writes of which the kernel took only a part.", st.PartialWrites)
	e.count("wire_stale_events_total", "Poller events for connections that had ended.", st.StaleEvents)
	e.count("transport_panics_total", "Panics in what the transport calls, each of which ended one connection.", st.Panics)
}

func (c collector) messages(e emitter) {
	m := c.s.core.metrics
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
			e.count("messages_total", "Messages by kind.", n, "direction", d.direction, "kind", kind)
			e.count("message_bytes_total", "Payload of messages by kind.", t.bytes.Load(), "direction", d.direction, "kind", kind)
		}
	}
}

func (c collector) matches(e emitter) {
	type total struct{ matches, players, reserved, spectators int }
	of := map[string]*total{}
	for name := range c.s.core.games {
		of[name] = new(total)
	}
	for _, m := range c.s.core.lobby.list() {
		c, g := m.roster.occupancy(), of[m.game.name]
		g.matches++
		g.players += c.players
		g.reserved += c.reserved
		g.spectators += c.spectators
	}
	for name, g := range of {
		e.gauge("matches", "Running matches.", g.matches, "game", name)
		e.gauge("players", "Seats taken, those that wait for their player included.", g.players, "game", name)
		e.gauge("reserved", "Seats kept for players who have not come yet.", g.reserved, "game", name)
		e.gauge("spectators", "Spectators.", g.spectators, "game", name)
	}
}

func (c collector) webhook(e emitter) {
	if c.s.core.hook == nil {
		return
	}
	s := c.s.core.hook.Stats()
	const help = "Results on their way to the webhook: delivered, failed attempts that are tried again, given up, dropped because too many waited."
	e.count("webhook_deliveries_total", help, s.Delivered, "result", "delivered")
	e.count("webhook_deliveries_total", help, s.Failed, "result", "failed")
	e.count("webhook_deliveries_total", help, s.GivenUp, "result", "given_up")
	e.count("webhook_deliveries_total", help, s.Dropped, "result", "dropped")
	e.gauge("webhook_waiting", "Results that wait for the webhook.", int(s.Waiting))
}

func (c collector) output(e emitter) {
	p := c.s.core.output
	e.count("output_tasks_total", "Tasks of the output pool, by who ran them: a worker, or the match itself because all workers were busy.", p.pooled.Load(), "ran", "pool")
	e.count("output_tasks_total", "Tasks of the output pool, by who ran them: a worker, or the match itself because all workers were busy.", p.inline.Load(), "ran", "match")
	e.count("output_panics_total", "Panics while a snapshot was written.", p.panics.Load())
	e.gauge("output_workers", "Workers of the output pool.", p.ants.Running())
}

func (c collector) identity(e emitter) {
	e.gauge("sessions", "Live sessions, those before their hello included.", c.s.core.sessions.len())
	e.gauge("revocations", "Players and tokens that are revoked.", c.s.core.revoked.Len())
	keys := c.s.core.config.Keys
	if keys == nil {
		return
	}
	st := keys.Stats()
	e.gauge("keys", "Keys that tokens are verified with.", st.Keys)
	e.count("keys_failures_total", "Times the JWK set, or a file of keys that changed, could not be read; the keys before stay in use.", st.Failures)
	if !st.JWKS {
		return
	}
	e.count("jwks_fetches_total", "Times the JWK set was asked for.", st.Fetches)
	e.gauge("jwks_keys_skipped", "Keys of the JWK set that this server cannot use.", st.Skipped)
	if !st.Read.IsZero() {
		e.emit(prometheus.GaugeValue, "jwks_age_seconds", "Since the JWK set was last read in order.", time.Since(st.Read).Seconds())
	}
}
