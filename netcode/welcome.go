package netcode

import (
	"math"
	"time"

	"arbiter/game"
)

// Resumption says how a connection begins: what is left of the client's session
// after a dropped connection (session resumption).
type Resumption uint8

const (
	Fresh           Resumption = iota // nothing to go on from
	Resumed                           // the client's last snapshot is the baseline
	ResumedKeyframe                   // the seat goes on, but a keyframe follows
)

// MaxMatchID bounds the name of a match, in bytes.
const MaxMatchID = 128

// Welcome answers a [Hello] and seats the client:
//
//	[16, version, player, resumeID, tick, tickRate, snapshotRate, ackEvery, seqTaken,
//	 resumed, schema, matchID, sinceTick, resumeWindow, tokenLeft]
//
// resumed is 0 for a fresh seat, 1 if the client's last tick is the first
// baseline, 2 if the seat goes on but a keyframe follows and older state is void.
// resumeID is 16 bytes of binary or nil; schema an array (see [AppendSchema])
// or nil if the client's hash was right; resumed, schema, matchID, sinceTick
// (microseconds), resumeWindow and tokenLeft (milliseconds) may be missing or
// nil, which is 0 or empty.
type Welcome struct {
	Version      int           // 1…65535
	Player       game.PlayerID // 0 = a spectator
	Resume       ResumeID      // for the Hello of the next connection; zero = the seat can't be resumed
	Tick         game.Tick     // last completed step
	TickRate     int           // Hz, 1…1000
	SnapshotRate int           // Hz, 1…1000
	AckEvery     int           // the client acknowledges at least every that many snapshots, 1…255
	SeqTaken     uint32        // last sequence number taken from this seat: re-send what is behind it
	Resumed      Resumption
	Schema       []byte        // the schema as [AppendSchema] wrote it; empty = the client has it
	MatchID      string        // at most MaxMatchID bytes
	SinceTick    time.Duration // since the step of Tick was due, in microseconds
	ResumeWindow time.Duration // how long the seat waits after a drop, in milliseconds
	TokenLeft    time.Duration // until the session ends unless its token is renewed ([Renew]), in milliseconds; 0 = not told, and Renew not understood
}

// Append appends the message.
func (w Welcome) Append(b []byte) []byte {
	b = append(AppendArray(b, 15), byte(KindWelcome))
	b = AppendUint(b, uint64(w.Version))
	b = AppendUint(b, uint64(w.Player))
	if w.Resume == (ResumeID{}) {
		b = AppendNil(b)
	} else {
		b = AppendBin(b, w.Resume[:])
	}
	b = AppendUint(b, uint64(w.Tick))
	b = AppendUint(b, uint64(w.TickRate))
	b = AppendUint(b, uint64(w.SnapshotRate))
	b = AppendUint(b, uint64(w.AckEvery))
	b = AppendUint(b, uint64(w.SeqTaken))
	b = AppendUint(b, uint64(w.Resumed))
	if len(w.Schema) == 0 {
		b = AppendNil(b)
	} else {
		b = append(b, w.Schema...)
	}
	b = AppendStr(b, cutText(w.MatchID, MaxMatchID))
	b = appendMicros(b, w.SinceTick)
	b = appendMillis(b, w.ResumeWindow)
	return appendMillis(b, w.TokenLeft)
}

// ParseWelcome parses what the server sent. Schema is a part of b, for
// [ParseSchema].
func ParseWelcome(b []byte) (Welcome, error) {
	var m items
	m.open(b, KindWelcome, maxItems)
	w := Welcome{
		Version: int(m.need().UintTo(math.MaxUint16)),
		Player:  game.PlayerID(m.need().UintTo(math.MaxUint16)),
	}
	if m.next() {
		w.Resume = readResumeID(&m.Reader)
	}
	w.Tick = game.Tick(m.need().UintTo(math.MaxUint32))
	w.TickRate = m.need().rate(1000)
	w.SnapshotRate = m.need().rate(1000)
	w.AckEvery = m.need().rate(255)
	w.SeqTaken = uint32(m.need().UintTo(math.MaxUint32))
	if m.next() {
		w.Resumed = Resumption(m.UintTo(uint64(ResumedKeyframe)))
	}
	if m.next() {
		w.Schema = m.Skip(maxSchemaItems)
	}
	if m.next() {
		w.MatchID = string(m.Str(MaxMatchID))
	}
	if m.next() {
		w.SinceTick = readUnits(&m.Reader, time.Microsecond)
	}
	if m.next() {
		w.ResumeWindow = readUnits(&m.Reader, time.Millisecond)
	}
	if m.next() {
		w.TokenLeft = readUnits(&m.Reader, time.Millisecond)
	}
	if err := m.close(); err != nil {
		return Welcome{}, err
	}
	return w, nil
}
