package bench

import (
	"strings"
	"testing"

	"arbiter/bench/load"
)

func good() *Figures {
	return &Figures{Clients: 10, Rate: 20, Seconds: 15, Received: 1, Gap: Quantiles{P99: 60}, Late: Quantiles{P99: 1}}
}

// TestBroken breaks each bar alone.
func TestBroken(t *testing.T) {
	if why := good().Broken(); why != "" {
		t.Errorf("good figures are broken: %s", why)
	}
	for want, spoil := range map[string]func(*Figures){
		"gap":      func(f *Figures) { f.Gap.P99 = 76 },
		"lateness": func(f *Figures) { f.Late.P99 = 5.1 },
		"lost":     func(f *Figures) { f.Faults = load.Faults{Lost: 1} },
		"Mismat":   func(f *Figures) { f.Faults = load.Faults{Mismatched: 1} },
		"only":     func(f *Figures) { f.Received = 0.9 },
	} {
		f := good()
		spoil(f)
		if why := f.Broken(); !strings.Contains(why, want) {
			t.Errorf("%s: %q", want, why)
		}
	}
}

func TestBeginRefusesNonsense(t *testing.T) {
	for _, c := range []Common{{ServerCPUs: "x"}, {LoadCPUs: "3-1"}} {
		if _, err := Begin(c, nil); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
