package replicate_test

import (
	"slices"
	"testing"
	"time"

	"arbiter/netcode/netcodetest"
)

// A client whose link has room to spare acknowledges half as often after some
// seconds, and as often as at first soon after the link gets worse.
func TestAcksFollowTheLink(t *testing.T) {
	good, slow := netcodetest.Config{Delay: 25 * time.Millisecond}, netcodetest.Config{Delay: 25 * time.Millisecond, Rate: 20_000}
	const strict, relaxed = 3, 6 // at 30 Hz

	s := trial{link: good, seconds: 20}.sectionWriter()
	if s.every[0] != strict || slices.Contains(s.every[8:], strict) || s.acks > 20*30/strict*2/3 {
		t.Errorf("on a good link a client may leave %v unacknowledged, second by second, and sent %d acks", s.every, s.acks)
	}
	if s.stats.SkippedWindow > 0 {
		t.Errorf("on a good link acks come too rarely: %+v", s.stats)
	}
	if s := (trial{link: slow, seconds: 30}).sectionWriter(); slices.Contains(s.every, relaxed) {
		t.Errorf("on 20 kB/s a client may leave %v unacknowledged, second by second", s.every)
	}
	s = trial{link: good, then: slow, changes: true, seconds: 40}.sectionWriter()
	if s.every[19] != relaxed || s.every[22] != strict || slices.Contains(s.every[22:], relaxed) {
		t.Errorf("when a link gets slow after 20 s a client may leave %v unacknowledged, second by second", s.every)
	}
	s = trial{link: slow, then: good, changes: true, seconds: 40}.sectionWriter()
	if s.every[19] != strict || s.every[35] != relaxed {
		t.Errorf("when a link gets good after 20 s a client may leave %v unacknowledged, second by second", s.every)
	}
}

// A client that does not know of changes goes on as the welcome said, and one
// that does is not skipped more often, near or far.
func TestAcksOfSimpleClients(t *testing.T) {
	for _, link := range []netcodetest.Config{
		{Delay: 25 * time.Millisecond},
		{Delay: 100 * time.Millisecond},
		{Delay: 250 * time.Millisecond},
		{Delay: 25 * time.Millisecond, Rate: 20_000},
		{Delay: 50 * time.Millisecond, StallRate: 0.4, Stall: 700 * time.Millisecond},
	} {
		obeys, simple := trial{link: link, seconds: 30}.sectionWriter(), trial{link: link, seconds: 30, simple: true}.sectionWriter()
		if link.Rate+int(link.Stall) == 0 && obeys.stats.SkippedWindow > simple.stats.SkippedWindow {
			t.Errorf("%+v: %+v, of a simple client %+v", link, obeys.stats, simple.stats)
		}
		if simple.closed || simple.stats.Snapshots*10 < obeys.stats.Snapshots*9 {
			t.Errorf("%+v: %d snapshots to a simple client, closed %v; %d to one that does as it is told", link, simple.stats.Snapshots, simple.closed, obeys.stats.Snapshots)
		}
	}
}
