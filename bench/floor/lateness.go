package floor

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// lateness is how late the floor sends: what the machine and its kernel add to
// every tick. It has the name and the classes of a server's, so that both are
// read in one way.
type lateness struct {
	prometheus.Histogram
	at string // where it is told; empty: nowhere
}

func newLateness(at string) *lateness {
	return &lateness{at: at, Histogram: prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "arbiter_tick_lateness_seconds", Help: "How late messages were sent.",
		Buckets: []float64{.0001, .00025, .0005, .001, .002, .004, .008, .016, .033, .066, .133, .266, .5, 1},
	})}
}

// serve tells it until ctx ends.
func (l *lateness) serve(ctx context.Context) error {
	if l.at == "" {
		<-ctx.Done()
		return nil
	}
	ln, err := net.Listen("tcp", l.at)
	if err != nil {
		return fmt.Errorf("bench: floor: %w: choose another --admin-addr", err)
	}
	r := prometheus.NewRegistry()
	r.MustRegister(l)
	s := &http.Server{Handler: promhttp.HandlerFor(r, promhttp.HandlerOpts{}), ReadHeaderTimeout: time.Second}
	defer context.AfterFunc(ctx, func() { _ = s.Close() })()
	if err := s.Serve(ln); ctx.Err() == nil {
		return err
	}
	return nil
}
