package server

import (
	"regexp"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metricSet is what the operators' page shows, and what the API counts itself.
type metricSet struct {
	registry     *prometheus.Registry
	adminRefused prometheus.Counter
	rateLimited  *prometheus.CounterVec
	wrongCodes   prometheus.Counter
}

// gcTime is what Go estimates to have spent on the garbage collector, brought up
// to date at the end of each collection.
var gcTime = collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/cpu/classes/gc/total:cpu-seconds$`)}

func newMetrics() *metricSet {
	m := &metricSet{
		registry: prometheus.NewRegistry(),
		adminRefused: prometheus.NewCounter(prometheus.CounterOpts{Name: "arbiter_operators_refused_total",
			Help: "Requests on the operators' port that were refused for want of a token, or as sent by another site's page."}),
		rateLimited: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "arbiter_requests_refused_total",
			Help: "Requests for matches, seats and guest tokens that were refused with 429, by whose rate was used up: a player's, a service's, or that of all guests."}, []string{"reason"}),
	}
	m.wrongCodes = prometheus.NewCounter(prometheus.CounterOpts{Name: "arbiter_wrong_codes_total",
		Help: "Codes of private matches that were tried and are no match's."})
	m.registry.MustRegister(m.adminRefused, m.rateLimited, m.wrongCodes,
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(gcTime)), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}
