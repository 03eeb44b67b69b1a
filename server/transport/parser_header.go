package transport

import (
	"encoding/binary"

	"github.com/gobwas/ws"
)

// header takes the bytes of a frame header from b. It returns evFail, or sets
// p.body once the header is complete. Everything the first two bytes tell is
// checked as soon as they are there.
func (p *parser) header(b []byte) (n int, ev event) {
	src := b
	if p.have > 0 || len(b) < 2 || len(b) < headerSize(b[1]) {
		n = p.collect(b, 2)
		if p.have < 2 {
			return n, event{}
		}
		if ev := p.check(p.head[0], p.head[1]); ev.kind == evFail {
			return n, ev
		}
		want := headerSize(p.head[1])
		n += p.collect(b[n:], want)
		if int(p.have) < want {
			return n, event{}
		}
		src = p.head[:want]
	} else {
		if ev := p.check(b[0], b[1]); ev.kind == evFail {
			return 2, ev
		}
		n = headerSize(b[1])
	}
	p.have = 0

	length := uint64(src[1] & 0x7f)
	at := 2
	switch length {
	case 126:
		length, at = uint64(binary.BigEndian.Uint16(src[2:])), 4
		if length < 126 {
			return n, fail(CodeProtocol, "frame length not in its shortest form")
		}
	case 127:
		length, at = binary.BigEndian.Uint64(src[2:]), 10
		if length>>63 != 0 {
			return n, fail(CodeProtocol, "frame length with its top bit set")
		}
		if length <= 0xffff {
			return n, fail(CodeProtocol, "frame length not in its shortest form")
		}
	}
	return n, p.begin(src[0], length, [4]byte(src[at:at+4]))
}

// collect fills the kept header up to want bytes.
func (p *parser) collect(b []byte, want int) int {
	if int(p.have) >= want {
		return 0
	}
	k := copy(p.head[p.have:want], b)
	p.have += uint8(k)
	return k
}

// check judges the first two bytes of a header: flags, opcode, masking, and
// whether a control frame is too long.
func (p *parser) check(first, second byte) event {
	h := ws.Header{
		Fin:    first&0x80 != 0,
		Rsv:    first >> 4 & 7,
		OpCode: ws.OpCode(first & 0xf),
		Masked: second&0x80 != 0,
		Length: int64(second & 0x7f),
	}
	state := ws.StateServerSide
	if p.fragments > 0 {
		state = state.Set(ws.StateFragmented)
	}
	if err := ws.CheckHeader(h, state); err != nil {
		return fail(CodeProtocol, err.Error())
	}
	if h.OpCode == ws.OpText && !p.rules.text {
		return fail(CodeUnsupported, "text message: the protocol is binary")
	}
	return event{}
}

// begin starts a frame whose header was found valid, if the message has room.
func (p *parser) begin(first byte, length uint64, mask [4]byte) event {
	p.fin = first&0x80 != 0
	p.op = ws.OpCode(first & 0xf)
	if p.op.IsData() {
		if int(p.fragments) >= p.rules.fragments {
			return fail(CodePolicy, "message in too many fragments")
		}
		if length > uint64(p.rules.messageBytes-len(p.message)) {
			return fail(CodeTooBig, "message too long")
		}
		if p.fragments == 0 {
			p.text, p.runes = p.op == ws.OpText, runes{}
		}
		p.fragments++
	}
	p.mask, p.pos, p.left, p.body = mask, 0, int(length), true
	return event{}
}
