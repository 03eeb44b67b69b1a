package netcode

// InputWriter writes one connection's inputs and commands in the shortest form
// the connection's past allows. It is the client's end of [InputReader]; one
// goroutine at a time may use it, and every message it writes must be sent, in
// order. On a link that loses or swaps messages use a new writer for each:
// its messages then stand on their own.
type InputWriter struct {
	layout *InputLayout
	at     position
}

// NewInputWriter returns the writer of a new connection.
func NewInputWriter(l *InputLayout) InputWriter { return InputWriter{layout: l} }

// Append appends an inputs message with ack, or none if it is nil, and as many
// of entries as one message can carry: at most [MaxEntries], with consecutive
// sequence numbers and ticks that never go back. It returns how many those are;
// the caller goes on with the others. Without entries nothing is appended.
func (w *InputWriter) Append(b []byte, ack *Ack, entries []Entry) ([]byte, int) {
	n := joinable(entries)
	if n == 0 {
		return b, 0
	}
	first := &entries[0]
	b = append(AppendArray(b, 3+n*w.layout.entryItems()), byte(KindInputs))
	continues := w.at.begun && first.Seq == w.at.seq+1 && first.Tick >= w.at.tick
	if continues {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(first.Seq))
		w.at.tick = 0
	}
	if ack == nil {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(ack.Tick))
	}
	for i := range entries[:n] {
		e := &entries[i]
		b = AppendUint(b, uint64(e.Tick-w.at.tick))
		if w.layout.schema.Rewinds {
			b = AppendUint(b, viewAge(e))
		}
		b = w.layout.Packing.Append(b, e.Cells)
		w.at = position{e.Seq, e.Tick, true}
	}
	return b, n
}

// viewAge is 0 for a view that is no claim: none, or not in the past.
func viewAge(e *Entry) uint64 {
	if e.View == 0 || e.View >= e.Tick {
		return 0
	}
	return uint64(e.Tick - e.View)
}

// joinable is the number of entries from the first on that fit one message.
func joinable(entries []Entry) int {
	for i := 1; i < len(entries); i++ {
		if i == MaxEntries || entries[i].Seq != entries[i-1].Seq+1 || entries[i].Tick < entries[i-1].Tick {
			return i
		}
	}
	return len(entries)
}
