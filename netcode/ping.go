package netcode

// Ping asks for a [Pong]:
//
//	[5, clientTime]
//	 92 05 ce …
type Ping struct {
	ClientTime int64 // microseconds on a clock of the client's; sent back as it is
}

// Append appends the message.
func (p Ping) Append(b []byte) []byte {
	return AppendInt(append(b, 0x92, byte(KindPing)), p.ClientTime)
}

// ParsePing parses what a client sent.
func ParsePing(b []byte) (Ping, error) {
	var m items
	m.open(b, KindPing, maxItems)
	p := Ping{ClientTime: m.need().Int()}
	if err := m.close(); err != nil {
		return Ping{}, err
	}
	return p, nil
}
