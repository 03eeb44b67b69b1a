package metrics

import "github.com/prometheus/client_golang/prometheus"

// Emitter sends metrics that are made when they are asked for. Names get the
// prefix arbiter_. Labels are the name and value of each label in turn.
type Emitter struct{ Metrics chan<- prometheus.Metric }

// Emit sends one metric.
func (e Emitter) Emit(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	e.Metrics <- prometheus.MustNewConstMetric(prometheus.NewDesc("arbiter_"+name, help, names, nil), kind, value, values...)
}

// Count sends a counter.
func (e Emitter) Count(name, help string, value uint64, labels ...string) {
	e.Emit(prometheus.CounterValue, name, help, float64(value), labels...)
}

// Gauge sends a gauge.
func (e Emitter) Gauge(name, help string, value int, labels ...string) {
	e.Emit(prometheus.GaugeValue, name, help, float64(value), labels...)
}
