package hostile

import (
	"context"
	"time"
)

// Kind is an attack.
type Kind struct {
	Name    string
	Help    string
	Workers int           // that make it at the same time
	Every   time.Duration // between two of one worker's, at least

	needsToken bool
	hit        func(ctx context.Context, w *worker) error // makes it once
}

// churnRate is the reference of connects and resets: 200,000 a minute.
const churnRate = 200_000 / 60.0

// OfTLS is the attack that needs a server with TLS to mean anything.
const OfTLS = "tls"

// kinds are all attacks.
var kinds = []Kind{
	{Name: "slowloris", Help: "a request, one byte a second", Workers: 1000, Every: 100 * time.Millisecond, hit: slowloris},
	{Name: "idle", Help: "connections that say nothing, before and after the upgrade", Workers: 2000, Every: 100 * time.Millisecond, needsToken: true, hit: idle},
	{Name: "churn", Help: "connect and reset, 200,000 a minute", Workers: 200, Every: time.Duration(200 / churnRate * float64(time.Second)), hit: churn},
	{Name: "fragments", Help: "messages of ever more fragments", Workers: 200, Every: 100 * time.Millisecond, needsToken: true, hit: fragments},
	{Name: "pings", Help: "floods of pings", Workers: 100, Every: 100 * time.Millisecond, needsToken: true, hit: pings},
	{Name: "frames", Help: "oversized, impossible and truncated frames", Workers: 200, Every: 100 * time.Millisecond, needsToken: true, hit: frames},
	{Name: "tokens", Help: "upgrades with tokens that are not valid", Workers: 200, Every: 100 * time.Millisecond, needsToken: true, hit: tokens},
	{Name: "mute", Help: "players who never read", Workers: 200, Every: 100 * time.Millisecond, needsToken: true, hit: mute},
	{Name: OfTLS, Help: "half a TLS hello, to a server that speaks TLS", Workers: 1000, Every: 100 * time.Millisecond, hit: stall},
}

// Names are those of all attacks.
func Names() (list []string) {
	for _, k := range kinds {
		list = append(list, k.Name)
	}
	return list
}

// Help says what an attack does.
func Help(name string) string {
	k, _ := find(name)
	return k.Help
}

func find(name string) (Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}
