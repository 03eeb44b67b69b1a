package server

import (
	"strconv"
	"time"

	"arbiter/server/metrics"
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
	e := metrics.Emitter{Metrics: ch}
	st := c.s.transport.Stats()
	c.connections(e, &st)
	c.wire(e, &st)
	c.webhook(e)
	c.identity(e)
	e.Count("log_dropped_total", "Lines of the log that were dropped, because it could not be written fast enough or at all.", c.s.logs.Dropped())
}

func (c collector) connections(e metrics.Emitter, st *transport.Stats) {
	e.Gauge("connections", "Open connections, those of HTTP included.", st.Open)
	e.Count("connections_accepted_total", "Connections accepted by the kernel.", st.Accepted)
	for cause, n := range st.RefusedByCap {
		e.Count("connections_refused_total", "Connections refused because a cap was reached.", n, "cap", cause)
	}
	for limit, n := range st.Limited {
		e.Count("connections_limited_total", "Connections closed because a rate was exceeded: their own, their address's or that of all.", n, "limit", limit)
	}
	for version, n := range st.Secured {
		e.Count("tls_handshakes_total", "TLS handshakes that succeeded, by version.", n, "version", version)
	}
	e.Gauge("addresses", "Addresses in the table of limits.", st.Addresses)
	e.Count("accept_errors_total", "Failures of accept.", st.AcceptErrors)
	e.Count("accept_shed_total", "Connections closed at once for want of descriptors.", st.AcceptShed)
	for result, n := range st.Handshakes {
		e.Count("handshakes_total", "Request heads by what became of them; http is a request for no WebSocket.", n, "result", result)
	}
	for key, n := range st.Closes {
		side := "server"
		if key.Remote {
			side = "client"
		}
		e.Count("connections_closed_total", "WebSockets that ended with a close frame, by its code and the side that sent it first.", n,
			"code", strconv.Itoa(int(key.Code)), "side", side)
	}
	for reason, n := range st.Drops {
		e.Count("connections_dropped_total", "WebSockets that ended without a close frame.", n, "reason", reason)
	}
}

func (c collector) wire(e metrics.Emitter, st *transport.Stats) {
	for _, d := range []struct {
		direction             string
		calls, bytes, ping, m uint64
	}{
		{"in", st.Reads, st.BytesIn, st.PingsIn, st.MessagesIn},
		{"out", st.Writes, st.BytesOut, st.PingsOut, st.Sends},
	} {
		e.Count("wire_calls_total", "System calls that read from or wrote to connections.", d.calls, "direction", d.direction)
		e.Count("wire_bytes_total", "Bytes on the wire, without TCP.", d.bytes, "direction", d.direction)
		e.Count("wire_pings_total", "Ping frames.", d.ping, "direction", d.direction)
		e.Count("wire_messages_total", "Messages, whatever their kind.", d.m, "direction", d.direction)
	}
	e.Count("wire_partial_writes_total", "Writes of which the kernel took only a part.", st.PartialWrites)
	e.Count("wire_stale_events_total", "Poller events for connections that had ended.", st.StaleEvents)
	e.Count("transport_panics_total", "Panics in what the transport calls, each of which ended one connection.", st.Panics)
}

func (c collector) webhook(e metrics.Emitter) {
	if c.s.hook == nil {
		return
	}
	s := c.s.hook.Stats()
	const help = "Results on their way to the webhook: delivered, failed attempts that are tried again, given up, dropped because too many waited."
	e.Count("webhook_deliveries_total", help, s.Delivered, "result", "delivered")
	e.Count("webhook_deliveries_total", help, s.Failed, "result", "failed")
	e.Count("webhook_deliveries_total", help, s.GivenUp, "result", "given_up")
	e.Count("webhook_deliveries_total", help, s.Dropped, "result", "dropped")
	e.Gauge("webhook_waiting", "Results that wait for the webhook.", int(s.Waiting))
}

func (c collector) identity(e metrics.Emitter) {
	e.Gauge("revocations", "Players and tokens that are revoked.", c.s.revoked.Len())
	keys := c.s.config.Keys
	if keys == nil {
		return
	}
	st := keys.Stats()
	e.Gauge("keys", "Keys that tokens are verified with.", st.Keys)
	e.Count("keys_failures_total", "Times the JWK set, or a file of keys that changed, could not be read; the keys before stay in use.", st.Failures)
	if !st.JWKS {
		return
	}
	e.Count("jwks_fetches_total", "Times the JWK set was asked for.", st.Fetches)
	e.Gauge("jwks_keys_skipped", "Keys of the JWK set that this server cannot use.", st.Skipped)
	if !st.Read.IsZero() {
		e.Emit(prometheus.GaugeValue, "jwks_age_seconds", "Since the JWK set was last read in order.", time.Since(st.Read).Seconds())
	}
}
