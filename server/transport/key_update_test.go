package transport

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"arbiter/server/transport/transporttest"
)

// keyed is one direction of TLS 1.3 with AES-128-GCM, made from its secret: the
// client of crypto/tls asks for no key update, so the test writes records.
type keyed struct {
	t      *testing.T
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	seq    uint64
}

func (k *keyed) expand(label string, n int) []byte {
	info := binary.BigEndian.AppendUint16(nil, uint16(n))
	info = append(info, byte(len("tls13 "+label)))
	info = append(append(info, "tls13 "+label...), 0)
	out, err := hkdf.Expand(sha256.New, k.secret, string(info), n)
	if err != nil {
		k.t.Fatal(err)
	}
	return out
}

func (k *keyed) use(secret []byte) {
	k.secret, k.seq = secret, 0
	block, err := aes.NewCipher(k.expand("key", 16))
	if err != nil {
		k.t.Fatal(err)
	}
	if k.aead, err = cipher.NewGCM(block); err != nil {
		k.t.Fatal(err)
	}
	k.iv = k.expand("iv", 12)
}

func (k *keyed) next() { k.use(k.expand("traffic upd", 32)) }

func (k *keyed) nonce() []byte {
	n := bytes.Clone(k.iv)
	for i := range 8 {
		n[4+i] ^= byte(k.seq >> (56 - 8*i))
	}
	k.seq++
	return n
}

// seal makes a record of a type and its content.
func (k *keyed) seal(kind byte, content []byte) []byte {
	head := []byte{23, 3, 3}
	head = binary.BigEndian.AppendUint16(head, uint16(len(content)+1+16))
	return k.aead.Seal(head, k.nonce(), append(bytes.Clone(content), kind), head)
}

// open reads a record.
func (k *keyed) open(r io.Reader) (kind byte, content []byte) {
	k.t.Helper()
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		k.t.Fatal(err)
	}
	body := make([]byte, binary.BigEndian.Uint16(head[3:]))
	if _, err := io.ReadFull(r, body); err != nil {
		k.t.Fatal(err)
	}
	content, err := k.aead.Open(nil, k.nonce(), body, head)
	if err != nil {
		k.t.Fatal(err)
	}
	return content[len(content)-1], content[:len(content)-1]
}

// keyUpdate is the message (RFC 8446, 4.6.3); asked wants one back.
func keyUpdate(asked byte) []byte { return []byte{24, 0, 0, 1, asked} }

// handKeyed shakes hands and goes on by hand.
func handKeyed(t *testing.T, s *Server) (p *peer, up, down *keyed) {
	t.Helper()
	var secrets bytes.Buffer
	p = dial(t, s)
	tc := tls.Client(p.tcp, &tls.Config{ServerName: "game.example", RootCAs: gameCert(t).certificates, KeyLogWriter: &secrets})
	if err := tc.Handshake(); err != nil {
		t.Fatal(err)
	}
	if suite := tc.ConnectionState().CipherSuite; suite != tls.TLS_AES_128_GCM_SHA256 {
		t.Fatalf("suite %s: this test speaks AES-128-GCM only", tls.CipherSuiteName(suite))
	}
	up, down = &keyed{t: t}, &keyed{t: t}
	for line := range strings.Lines(secrets.String()) {
		fields := strings.Fields(line)
		secret, err := hex.DecodeString(fields[2])
		if err != nil {
			t.Fatal(err)
		}
		switch fields[0] {
		case "CLIENT_TRAFFIC_SECRET_0":
			up.use(secret)
		case "SERVER_TRAFFIC_SECRET_0":
			down.use(secret)
		}
	}
	return p, up, down
}

const typeHandshake, typeData = 22, 23

// data reads up to the next application data, and returns how many key updates
// came before it.
func (k *keyed) data(r io.Reader) (content []byte, updates int) {
	for {
		kind, content := k.open(r)
		switch {
		case kind == typeData:
			return content, updates
		case kind == typeHandshake && content[0] == 24:
			updates++
			k.next()
		}
	}
}

// TestKeyUpdates: they are answered while messages go both ways, and those
// without end cost the connection.
//
// Hazards: tls would-block.
func TestKeyUpdates(t *testing.T) {
	onTLS(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p, up, down := handKeyed(t, s)
		_, _ = p.tcp.Write(up.seal(typeData, []byte(goodHead)))
		if answer, _ := down.data(p.tcp); !bytes.HasPrefix(answer, []byte("HTTP/1.1 101 ")) {
			t.Fatalf("answer %q", answer)
		}
		se := take(t, host.sessions, "session")
		updates := 0
		for round := range 5 {
			asked := byte(round % 2)
			stream := up.seal(typeData, transporttest.Frame(0x82, "before")[:7])
			stream = append(stream, up.seal(typeHandshake, keyUpdate(asked))...)
			up.next()
			stream = append(stream, up.seal(typeData, transporttest.Frame(0x82, "before")[7:])...)
			_, _ = p.tcp.Write(stream)
			if m := take(t, se.messages, "message"); m != "before" {
				t.Fatalf("round %d: received %q", round, m)
			}
			if err := se.conn.Send(framed("after")); err != nil {
				t.Fatal(err)
			}
			content, n := down.data(p.tcp)
			updates += n
			if !bytes.HasSuffix(content, []byte("after")) {
				t.Fatalf("round %d: sent %q", round, content)
			}
		}
		if updates != 2 {
			t.Errorf("%d key updates answered, want 2", updates)
		}
		var flood []byte
		for range 60 {
			flood = append(flood, up.seal(typeHandshake, keyUpdate(1))...)
			up.next()
			flood = append(flood, up.seal(typeData, transporttest.Frame(0x82, "x"))...) // or crypto/tls itself has enough
		}
		_, _ = p.tcp.Write(flood)
		take(t, se.closed, "call of Closed")
		if n := s.Stats().Limited["connection_tls"]; n != 1 {
			t.Errorf("counted %v, %v", s.Stats().Limited, s.Stats().Drops)
		}
	})
}

// TestEmptyRecords: records without content are no way to keep a server busy.
//
// Hazards: tls records.
func TestEmptyRecords(t *testing.T) {
	onTLS(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p, up, down := handKeyed(t, s)
		_, _ = p.tcp.Write(up.seal(typeData, []byte(goodHead)))
		down.data(p.tcp)
		se := take(t, host.sessions, "session")
		var flood []byte
		for range 40 {
			flood = append(flood, up.seal(typeData, nil)...)
		}
		_, _ = p.tcp.Write(flood)
		take(t, se.closed, "call of Closed")
		if n := s.Stats().Drops["tls_record"]; n != 1 {
			t.Errorf("counted %v", s.Stats().Drops)
		}
	})
}
