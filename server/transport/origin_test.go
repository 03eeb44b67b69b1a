package transport

import "testing"

// Hazards: origin.
func TestWildcardOrigins(t *testing.T) {
	o, err := NewOrigins([]string{"https://*.example.com", "https://*.dev.example.org:8443", "http://*.localhost", "https://play.example.net:443/", "null"})
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]bool{
		"https://a.example.com":                   true,
		"https://A.Example.COM":                   true,
		"https://a.b.example.com":                 true,
		"https://a.example.com:443":               true, // the default port, which browsers leave out
		"https://xn--bcher-kva.example.com":       true,
		"https://example.com":                     false, // the domain itself
		"http://a.example.com":                    false, // scheme
		"wss://a.example.com":                     false,
		"https://a.example.com:8443":              false, // port
		"https://a.example.com:":                  false,
		"https://a.example.com.evil.test":         false, // more behind
		"https://aexample.com":                    false, // no dot
		"https://evil.test/.example.com":          false, // something else in front
		"https://evil.test?.example.com":          false,
		"https://evil.test#.example.com":          false,
		"https://user@a.example.com":              false,
		"https://user:pw@a.example.com":           false,
		"https://evil.test:443.example.com":       false,
		"https://evil.test\\.example.com":         false,
		"https://.example.com":                    false, // empty labels
		"https://a..example.com":                  false,
		"https://a.example.com.":                  false, // another host, to DNS
		"https://*.example.com":                   false,
		"https://ä.example.com":                   false, // browsers write xn--
		"https://a.example.com/":                  false,
		"https://a.dev.example.org:8443":          true,
		"https://a.dev.example.org":               false,
		"https://a.example.org:8443":              false,
		"http://game.localhost":                   true,
		"http://localhost":                        false,
		"https://play.example.net":                true,
		"https://play.example.net:8443":           false,
		"null":                                    true,
		"":                                        false,
		"https://":                                false,
		"https://a.example.comhttps://x.test":     false,
		"https://evil.test https://a.example.com": false,
	} {
		if got := o.Allows(origin); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	for _, rule := range []string{"example.com", "*.example.com", "https://", "https://*", "https://*.com", "https://*.", "https://a*.example.com",
		"https://*a.example.com", "https://a.*.example.com", "https://*.*.example.com", "https://*.example.com/path", "https://user@example.com", "://x", ""} {
		if _, err := NewOrigins([]string{rule}); err == nil {
			t.Errorf("rule %q accepted", rule)
		}
	}
}

// TestOriginRows: what a listening server says to each kind of Origin.
func TestOriginRows(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		for _, row := range []struct {
			name   string
			lines  []string
			strict bool
			status int
		}{
			{"exact", []string{"Origin: https://play.example.net"}, false, 101},
			{"wildcard", []string{"Origin: https://a.example.com"}, false, 101},
			{"absent", nil, false, 101},
			{"absent, strict", nil, true, 403},
			{"null", []string{"Origin: null"}, false, 403},
			{"other scheme", []string{"Origin: http://play.example.net"}, false, 403},
			{"other port", []string{"Origin: https://play.example.net:8443"}, false, 403},
			{"prefix", []string{"Origin: https://play.example.net.evil.test"}, false, 403},
			{"suffix", []string{"Origin: https://evilexample.com"}, false, 403},
			{"two", []string{"Origin: https://a.example.com", "Origin: https://play.example.net"}, false, 403},
		} {
			s := v.start(t, Config{Origins: []string{"https://play.example.net", "https://*.example.com"}, RefuseNoOrigin: row.strict}, newDouble(), nil)
			p := dial(t, s)
			request := goodHead
			if len(row.lines) > 0 {
				request = with(row.lines...)
			}
			p.send([]byte(request), false)
			if r := p.response(); r == nil || r.StatusCode != row.status {
				t.Errorf("%s: answered with %v, want %d", row.name, r, row.status)
			}
		}
	})
}
