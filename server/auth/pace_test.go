package auth

import (
	"testing"
	"time"
)

func TestMaxAge(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"":                               refreshUsual,
		"public, max-age=3600":           time.Hour,
		"MAX-AGE=60, must-revalidate":    time.Minute,
		`max-age="7"`:                    7 * time.Second,
		"max-age=0":                      0,
		"no-store":                       0,
		"max-age=60, no-cache":           0,
		"max-age=-1":                     refreshUsual,
		"max-age=99999999999999999999":   refreshUsual,
		"s-maxage=5, stale-if-error=100": refreshUsual,
	} {
		if got := maxAge(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestPaceHonoursTheIssuerWithinBounds(t *testing.T) {
	for age, want := range map[time.Duration]time.Duration{
		0: refreshLeast, time.Hour: time.Hour, 1000 * time.Hour: refreshMost, -time.Hour: refreshLeast,
	} {
		var p pace
		p.fetched(noon, age, true)
		if got := p.due.Sub(noon); got != want {
			t.Errorf("a set that holds for %v is fetched again after %v, want %v", age, got, want)
		}
	}
}

// An hour of made-up key ids brings about a handful of fetches more than none.
func TestPaceWithMadeUpKeyIDs(t *testing.T) {
	var p pace
	now := noon
	p.fetched(now, 24*time.Hour, true)
	fetches := 0
	for ; now.Before(noon.Add(time.Hour)); now = now.Add(time.Second) {
		for range 100 {
			p.asked()
		}
		if !now.Before(p.due) {
			fetches++
			p.fetched(now, 24*time.Hour, false)
		}
	}
	if fetches < 5 || fetches > 9 {
		t.Errorf("%d fetches in an hour, want 30 s, 1, 2, 4, 8, 15, 15 min apart", fetches)
	}
	p.asked()
	if wait := p.due.Sub(p.last); wait != askMost {
		t.Errorf("under attack a new key waits %v, want %v", wait, askMost)
	}
	p.fetched(now, 24*time.Hour, true)
	p.asked()
	if wait := p.due.Sub(now); wait != askLeast {
		t.Errorf("after a real rotation the next one waits %v, want %v", wait, askLeast)
	}
	for range 10 {
		p.early = false
		p.fetched(now, time.Minute, false)
	}
	if p.asked(); p.due.Sub(now) != askLeast {
		t.Errorf("after quiet times an unknown id waits %v, want %v", p.due.Sub(now), askLeast)
	}
}

func TestPaceBacksOff(t *testing.T) {
	var p pace
	want := []time.Duration{2, 4, 8, 16, 32, 64, 128, 256, 300, 300}
	for i, w := range want {
		p.failed(noon, 1)
		if got := p.due.Sub(noon); got != w*time.Second {
			t.Errorf("failure %d: tried again after %v, want %v", i+1, got, w*time.Second)
		}
		was := p.due
		if p.asked(); p.due != was {
			t.Error("an unknown key id hurries retries")
		}
	}
	if p.failed(noon, 0); p.due.Sub(noon) != retryMost/2 {
		t.Errorf("by chance as early as %v, want %v", p.due.Sub(noon), retryMost/2)
	}
	p.fetched(noon, time.Hour, false)
	if p.failed(noon, 1); p.due.Sub(noon) != retryFirst {
		t.Errorf("after a success: %v, want %v", p.due.Sub(noon), retryFirst)
	}
}
