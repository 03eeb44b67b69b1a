package match

import (
	"strconv"
	"sync/atomic"

	"arbiter/netcode"
	"arbiter/netcode/replicate"
	"arbiter/server/metrics"

	"github.com/prometheus/client_golang/prometheus"
)

// metricSet is what the engine counts. Its methods are safe for
// concurrent use. What happens many times a tick is counted in atomics or in a
// match's tally; labels are looked up for rare things only.
type metricSet struct {
	in, out   [kinds]traffic
	malformed prometheus.Counter
	closes    *prometheus.CounterVec
	renewals  *prometheus.CounterVec
	shed      *prometheus.CounterVec
	recorded  prometheus.Counter
	unwritten prometheus.Counter

	ownRefused prometheus.Counter
	games      gameVecs
}

// kinds is above every kind of message. What is no kind is counted as 0.
const kinds = 32

// traffic is messages of one kind in one direction.
type traffic struct{ messages, bytes atomic.Uint64 }

// gameMetrics are one game's, looked up once.
type gameMetrics struct {
	out *traffic // snapshots

	late, took, sizes, ages, trips, depth *metrics.Histogram

	ticks, overruns, dropped      prometheus.Counter
	decisions                     [replicate.CloseSlow + 1]prometheus.Counter // nil: counted elsewhere
	pending, failed               prometheus.Counter
	groups, groupBytes, shared    prometheus.Counter
	mismatches, checks, strayAcks prometheus.Counter
	baselineAges                  prometheus.Counter
	resumes                       [netcode.ResumedKeyframe + 1]prometheus.Counter // nil: not a resume
	lapsed, replaced              prometheus.Counter
	keyframes                     [len(replicate.KeyframeReasons)]prometheus.Counter
	inputs                        inputMetrics
	begun                         prometheus.Counter
	endings                       *prometheus.CounterVec
}

type inputMetrics struct{ applied, duplicate, gap, overflow, clamped, late, tickTaken, view prometheus.Counter }

// gameVecs are the same for all games.
type gameVecs struct {
	late, took, sizes, ages, trips, depth *metrics.HistogramVec

	ticks, overruns, dropped, skipped, slow, failed *prometheus.CounterVec
	groups, groupBytes, shared                      *prometheus.CounterVec
	mismatches, checks, strayAcks, baselineAges     *prometheus.CounterVec
	resumes, replaced, keyframes, inputs            *prometheus.CounterVec
	begun, ended                                    *prometheus.CounterVec
}

// newMetrics registers the metrics.
func newMetrics(registry prometheus.Registerer) *metricSet {
	m := &metricSet{}
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: "arbiter_" + name, Help: help})
		registry.MustRegister(c)
		return c
	}
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "arbiter_" + name, Help: help}, labels)
		registry.MustRegister(c)
		return c
	}
	histogram := func(name, help string, bounds []float64) *metrics.HistogramVec {
		h := metrics.NewHistogramVec("arbiter_"+name, help, "game", bounds)
		registry.MustRegister(h)
		return h
	}
	m.malformed = counter("messages_malformed_total", "Client messages that were refused, each of which ended its session.")
	m.closes = vec("sessions_closed_total", "Sessions that the server ended, by close code.", "code", "name")
	m.renewals = vec("tokens_renewed_total", "Tokens that clients brought while playing, by whether and why not they were taken.", "result")
	m.shed = vec("shed_refused_total", "What was refused because the server had too much to do: new matches, seats in running ones, connections before the upgrade, and those whose hello came too late.", "what", "reason")
	m.recorded = counter("recording_bytes_total", "Bytes written to recordings.")
	m.ownRefused = counter("matches_refused_total", "Matches that did not begin because as many of the same player's were running as may.")
	m.unwritten = counter("recording_failures_total", "Recordings given up because their disk failed or was too slow.")

	seconds := []float64{.0001, .00025, .0005, .001, .002, .004, .008, .016, .033, .066, .133, .266, .5, 1}
	sizes := []float64{16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 65536}
	g := &m.games
	g.late = histogram("tick_lateness_seconds", "How late a turn of the match loop began.", seconds)
	g.took = histogram("tick_duration_seconds", "How long a step took, from reading the inbox to the last write.", seconds)
	g.sizes = histogram("snapshot_bytes", "Payload of snapshots.", sizes)
	g.ages = histogram("snapshot_age_seconds", "How old the newest acknowledged snapshot of a client is, sampled once a second.", seconds)
	g.trips = histogram("round_trip_seconds", "From a snapshot's sending to its acknowledgement, smoothed, sampled once a second.", seconds)
	g.depth = histogram("inbox_depth", "Messages a match found in its inbox at a step.", []float64{0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})

	g.ticks = vec("ticks_total", "Steps made.", "game")
	g.overruns = vec("tick_overruns_total", "Times a match was so late that it dropped steps.", "game")
	g.dropped = vec("tick_dropped_seconds_total", "Match time that was dropped.", "game")
	g.skipped = vec("snapshots_skipped_total", "Snapshots not sent: nothing changed, the client's ack window was full, its rate is lowered, or the kernel had not taken the one before.", "game", "reason")
	g.slow = vec("slow_clients_closed_total", "Sessions ended because the client could not keep up.", "game")
	g.failed = vec("snapshots_failed_total", "Snapshots whose connection had ended.", "game")
	g.groups = vec("encode_groups_total", "Snapshot bodies encoded.", "game")
	g.groupBytes = vec("encode_group_bytes_total", "Bytes of snapshot bodies encoded.", "game")
	g.shared = vec("encode_shared_total", "Snapshots that used a body encoded for another client.", "game")
	g.mismatches = vec("hash_mismatches_total", "Keyframes that clients asked for, because their state or a check was wrong.", "game")
	g.checks = vec("hash_checks_total", "Snapshots that carried a check.", "game")
	g.strayAcks = vec("acks_stray_total", "Acknowledgements of snapshots that were not sent or are forgotten.", "game")
	g.baselineAges = vec("baseline_age_ticks_total", "Sum of the ages of snapshots' baselines, in ticks; divide by arbiter_ticks_total or the snapshots sent.", "game")
	g.resumes = vec("resumes_total", "Seats taken up again: with the client's last state as baseline, with a keyframe, or in vain.", "game", "result")
	g.replaced = vec("sessions_replaced_total", "Sessions whose seat another connection of their player took over.", "game")
	g.keyframes = vec("keyframes_total", "Keyframes sent, by reason.", "game", "reason")
	g.inputs = vec("inputs_total", "Input entries and commands by what became of them; late, clamped and crowded ones, and those whose view tick was brought within bounds, are also applied.", "game", "result")
	g.begun = vec("matches_begun_total", "Matches begun.", "game")
	g.ended = vec("matches_ended_total", "Matches ended, by why.", "game", "why")
	return m
}

// ofGame looks up one game's metrics.
func (m *metricSet) ofGame(name string) *gameMetrics {
	v := &m.games
	of := func(c *prometheus.CounterVec, labels ...string) prometheus.Counter {
		return c.WithLabelValues(append([]string{name}, labels...)...)
	}
	g := &gameMetrics{
		out:  &m.out[netcode.KindSnapshot],
		late: v.late.With(name), took: v.took.With(name), sizes: v.sizes.With(name),
		ages: v.ages.With(name), trips: v.trips.With(name), depth: v.depth.With(name),
		ticks: of(v.ticks), overruns: of(v.overruns), dropped: of(v.dropped),
		pending: of(v.skipped, "pending"), failed: of(v.failed),
		groups: of(v.groups), groupBytes: of(v.groupBytes), shared: of(v.shared),
		mismatches: of(v.mismatches), checks: of(v.checks), strayAcks: of(v.strayAcks),
		baselineAges: of(v.baselineAges),
		lapsed:       of(v.resumes, "lapsed"), replaced: of(v.replaced),
		inputs: inputMetrics{
			applied: of(v.inputs, "applied"), duplicate: of(v.inputs, "duplicate"), gap: of(v.inputs, "gap"),
			overflow: of(v.inputs, "overflow"), clamped: of(v.inputs, "clamped"), late: of(v.inputs, "late"), tickTaken: of(v.inputs, "crowded"), view: of(v.inputs, "view"),
		},
		begun:   of(v.begun),
		endings: v.ended.MustCurryWith(prometheus.Labels{"game": name}),
	}
	g.decisions[replicate.SkipRate] = of(v.skipped, "rate")
	g.decisions[replicate.SkipWindow] = of(v.skipped, "window")
	g.decisions[replicate.SkipEmpty] = of(v.skipped, "empty")
	g.decisions[replicate.CloseSlow] = of(v.slow)
	g.resumes[netcode.Resumed] = of(v.resumes, "resumed")
	g.resumes[netcode.ResumedKeyframe] = of(v.resumes, "keyframe")
	for i, reason := range replicate.KeyframeReasons {
		g.keyframes[i] = of(v.keyframes, reason)
	}
	return g
}

// countEnd counts a match's end.
func (g *gameMetrics) countEnd(why string) { g.endings.WithLabelValues(why).Inc() }

func (m *metricSet) countReceived(k netcode.Kind, bytes int) { count(&m.in, k, bytes) }

func (m *metricSet) countSent(k netcode.Kind, bytes int) { count(&m.out, k, bytes) }

func count(t *[kinds]traffic, k netcode.Kind, bytes int) {
	if k >= kinds {
		k = 0
	}
	t[k].messages.Add(1)
	t[k].bytes.Add(uint64(bytes))
}

func (m *metricSet) countClose(code netcode.Code) {
	m.closes.WithLabelValues(strconv.Itoa(int(code)), code.String()).Inc()
}

// countRenewal counts a token brought in the place of another; an empty refusal is
// none.
func (m *metricSet) countRenewal(refusal string) {
	if refusal == "" {
		refusal = "ok"
	}
	m.renewals.WithLabelValues(refusal).Inc()
}

// add spares the atomic for what did not happen.
func add(c prometheus.Counter, n uint64) {
	if n > 0 {
		c.Add(float64(n))
	}
}
