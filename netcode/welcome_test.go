package netcode

import (
	"strings"
	"testing"
	"time"
)

var welcomeMessage = message[Welcome]{
	kind:   KindWelcome,
	append: func(w Welcome) []byte { return w.Append(nil) },
	parse:  ParseWelcome,
	fields: func(w Welcome) any {
		return map[string]any{
			"version": w.Version, "player": w.Player, "resume": hexOrNil(w.Resume[:]), "tick": w.Tick,
			"tickRate": w.TickRate, "snapshotRate": w.SnapshotRate, "ackEvery": w.AckEvery, "seqTaken": w.SeqTaken,
			"resumed": w.Resumed, "schema": hexOrNil(w.Schema), "matchID": w.MatchID,
			"sinceTickMicros": w.SinceTick.Microseconds(), "resumeWindowMs": w.ResumeWindow.Milliseconds(),
			"tokenLeftMs": w.TokenLeft.Milliseconds(),
		}
	},
	need: 9,
}

func TestGoldenWelcome(t *testing.T) {
	welcomeMessage.golden(t, []named[Welcome]{
		{"player", Welcome{
			Version: Version, Player: 3, Resume: someID, Tick: 7200, TickRate: 60, SnapshotRate: 30, AckEvery: 2,
			MatchID: "pilot/eu-1/7f3a", SinceTick: 8 * time.Millisecond, ResumeWindow: 30 * time.Second, TokenLeft: time.Hour,
		}},
		{"spectator", Welcome{Version: Version, Tick: 1, TickRate: 30, SnapshotRate: 30, AckEvery: 1, MatchID: "m"}},
		{"player who needs the schema", Welcome{
			Version: Version, Player: 1, Resume: someID, TickRate: 30, SnapshotRate: 30, AckEvery: 4,
			Schema: AppendSchema(nil, counter), MatchID: "ü",
		}},
		{"resumed", Welcome{
			Version: Version, Player: 300, Resume: someID, Tick: 90_000, TickRate: 128, SnapshotRate: 64, AckEvery: 255,
			SeqTaken: 5123, Resumed: Resumed, MatchID: strings.Repeat("m", MaxMatchID), ResumeWindow: time.Minute,
		}},
		{"resumed with a keyframe", Welcome{
			Version: Version, Player: 65535, Resume: someID, Tick: 1<<32 - 1, TickRate: 1, SnapshotRate: 1, AckEvery: 1,
			SeqTaken: 1<<32 - 1, Resumed: ResumedKeyframe,
		}},
	})
}

func TestGoldenWelcomeRefuses(t *testing.T) {
	good := Welcome{Version: Version, Player: 1, TickRate: 60, SnapshotRate: 30, AckEvery: 2}
	cases := map[string]refusal{"good": {good.Append(nil), nil}}
	for name, c := range map[string]struct {
		item int
		hex  string
		want error
	}{
		"player beyond 16 bits":   {2, "ce00010000", ErrRange},
		"resume id of 17 bytes":   {3, "c411" + strings.Repeat("00", 17), ErrLimit},
		"resume id of no bytes":   {3, "c400", ErrRange},
		"tick rate 0":             {5, "00", ErrRange},
		"tick rate over 1000":     {5, "cd03e9", ErrRange},
		"snapshot rate nil":       {6, "c0", ErrTruncated},
		"acks never":              {7, "00", ErrRange},
		"resumed in a fourth way": {9, "03", ErrRange},
		"resumed as a bool":       {9, "c3", ErrType},
		"schema nine deep":        {10, strings.Repeat("91", 9) + "c0", ErrLimit},
		"match id not UTF-8":      {11, "a1ff", ErrRange},
		"match id too long":       {11, "d981" + strings.Repeat("41", 129), ErrLimit},
		"negative time":           {12, "ff", ErrRange},
		"token of 8 bytes of ms":  {14, "cf0000000100000000", ErrRange},
	} {
		list := split(t, good.Append(nil))
		list[c.item] = unhex(t, c.hex)
		cases[name] = refusal{join(list), c.want}
	}
	checkRefusals(t, "welcome_refused.json", cases, func(b []byte) error { _, err := ParseWelcome(b); return err })
}

func FuzzWelcome(f *testing.F) { welcomeMessage.fuzz(f, "welcome.json") }
