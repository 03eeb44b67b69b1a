package netcode

import (
	"math"
	"strings"
	"testing"
	"time"
)

var renewMessage = message[Renew]{
	kind:   KindRenew,
	append: func(m Renew) []byte { return m.Append(nil) },
	parse:  ParseRenew,
	fields: func(m Renew) any { return map[string]any{"token": m.Token} },
	need:   2,
}

var renewedMessage = message[Renewed]{
	kind:   KindRenewed,
	append: func(m Renewed) []byte { return m.Append(nil) },
	parse:  ParseRenewed,
	fields: func(m Renewed) any { return map[string]any{"leftMs": m.Left.Milliseconds(), "refusal": m.Refusal} },
	need:   2,
}

func TestGoldenRenew(t *testing.T) {
	renewMessage.golden(t, []named[Renew]{
		{"short", Renew{"a.b.c"}},
		{"usual", Renew{strings.Repeat("eyJhbGciOiJFUzI1NiJ9.", 12)}},
		{"longest", Renew{strings.Repeat("x", MaxToken)}},
		{"none", Renew{}},
	})
}

func TestGoldenRenewed(t *testing.T) {
	renewedMessage.golden(t, []named[Renewed]{
		{"for an hour", Renewed{Left: time.Hour}},
		{"for as long as can be said", Renewed{Left: math.MaxUint32 * time.Millisecond}},
		{"refused", Renewed{Left: 90 * time.Second, Refusal: "token-subject"}},
		{"refused, and over", Renewed{Refusal: strings.Repeat("x", MaxRefusal)}},
	})
}

func TestGoldenRenewRefuses(t *testing.T) {
	checkRefusals(t, "renew_refused.json", map[string]refusal{
		"no token":         {unhex(t, "9106"), ErrTruncated},
		"nil":              {unhex(t, "9206c0"), ErrTruncated},
		"token as binary":  {unhex(t, "9206c40141"), ErrType},
		"token too long":   {AppendStr(unhex(t, "9206"), strings.Repeat("x", MaxToken+1)), ErrLimit},
		"4 GB of token":    {unhex(t, "9206dbffffffff41"), ErrLimit},
		"not UTF-8":        {unhex(t, "9206a2c328"), ErrRange},
		"bytes behind":     {unhex(t, "9206a14100"), ErrTrailing},
		"a number as text": {unhex(t, "920607"), ErrType},
	}, func(b []byte) error { _, err := ParseRenew(b); return err })
}

func TestGoldenRenewedRefuses(t *testing.T) {
	checkRefusals(t, "renewed_refused.json", map[string]refusal{
		"no time":           {unhex(t, "9114"), ErrTruncated},
		"negative":          {unhex(t, "9214ff"), ErrRange},
		"beyond 32 bits":    {unhex(t, "9214cf0000000100000000"), ErrRange},
		"time as text":      {unhex(t, "9214a131"), ErrType},
		"refusal as a flag": {unhex(t, "931405c3"), ErrType},
		"refusal too long":  {AppendStr(unhex(t, "931405"), strings.Repeat("x", MaxRefusal+1)), ErrLimit},
		"not UTF-8":         {unhex(t, "931405a2c328"), ErrRange},
		"bytes behind":      {unhex(t, "92140500"), ErrTrailing},
	}, func(b []byte) error { _, err := ParseRenewed(b); return err })
}

func TestRenewKeepsItsBounds(t *testing.T) {
	long, err := ParseRenew(Renew{strings.Repeat("x", MaxToken+9)}.Append(nil))
	if err != nil || len(long.Token) != MaxToken {
		t.Errorf("a long token: %d bytes, %v", len(long.Token), err)
	}
	for _, left := range []time.Duration{-time.Second, 1000 * 24 * time.Hour} {
		if got, err := ParseRenewed(Renewed{Left: left}.Append(nil)); err != nil || got.Left < 0 || got.Left > 50*24*time.Hour {
			t.Errorf("%v left: %v, %v", left, got.Left, err)
		}
	}
}

func FuzzRenew(f *testing.F) { renewMessage.fuzz(f, "renew.json") }

func FuzzRenewed(f *testing.F) { renewedMessage.fuzz(f, "renewed.json") }
