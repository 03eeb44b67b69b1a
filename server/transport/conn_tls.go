package transport

import "crypto/tls"

const (
	dropPlain     headDrop = "plain"         // HTTP on a TLS port
	dropHello     headDrop = "tls_hello"     // a ClientHello that is too long
	dropShake     headDrop = "tls_handshake" // no common version, suite or protocol; a broken handshake
	dropYielded   headDrop = "tls_crowd"     // stalled in a full gate, and was ended for a handshake of another address
	dropCipher    headDrop = "tls_record"    // a record that does not decipher, or a fatal alert
	dropNoise     headDrop = "tls_noise"     // key updates or empty records without end
	dropChallenge headDrop = "acme"          // the certificate authority looked, and went
)

// feedHello collects the ClientHello, and has the handshake begin once it is
// complete: until then, no goroutine and no state of crypto/tls is spent on it.
func (c *Conn) feedHello(b []byte) {
	c.head = c.core.pool.add(c.head, b)
	switch c.sec.hello.scan(c.head) {
	case headComplete:
		c.phase = phaseShake
		c.link.shake(reframe(c.head, &c.sec.hello))
		c.dropHead()
	case headPlain:
		c.end(dropPlain)
	case headBytes:
		c.end(dropHello)
	case headJunk:
		c.end(dropJunk)
	}
}

// tlsAnswered charges what made crypto/tls answer by itself, which costs as
// much as a control frame.
func (c *Conn) tlsAnswered(now int64) {
	if c.controls.allow(c.core.controlRate, 1, now) {
		return
	}
	c.noise(now)
}

// tlsOverhead judges the raw bytes of which no event has come out. What does
// come out is charged as frames.
func (c *Conn) tlsOverhead(now int64) {
	l := &c.core.cfg.Limits
	if c.phase == phaseOpen && c.overhead > l.ByteBurst+l.MessageBytes {
		c.noise(now)
	}
}

func (c *Conn) noise(now int64) {
	if c.phase != phaseOpen {
		c.end(dropNoise)
		return
	}
	c.core.stats.limit("connection_tls")
	c.fail(CodePolicy, "too much TLS without content")
	c.handleWake(now)
}

// minTLS is spoken with programs that are behind; browsers speak 1.3.
const minTLS = tls.VersionTLS12

// suites12 are the suites of TLS 1.2 that have forward secrecy and
// authenticated encryption. Those of 1.3 all have, and cannot be chosen.
func suites12() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
		tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	}
}

// challengeProtocol is negotiated by a certificate authority that looks for
// its challenge (RFC 8737), and by nobody else.
const challengeProtocol = "acme-tls/1"

func isChallenge(st *tls.ConnectionState) bool { return st.NegotiatedProtocol == challengeProtocol }

// Certificates choose what a TLS port proves itself with. [*CertFiles] and
// [*ACME] are two.
type Certificates interface {
	// GetCertificate is as in [tls.Config]. It may be called concurrently.
	GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error)
}

// tlsConfig is nil for a plain port.
func tlsConfig(certs Certificates) *tls.Config {
	if certs == nil {
		return nil
	}
	t := &tls.Config{
		GetCertificate: certs.GetCertificate,
		MinVersion:     minTLS,
		CipherSuites:   suites12(),
		NextProtos:     []string{"http/1.1"},
		// Messages are small and each is one record: a record that is cut to
		// arrive early would only cost another header.
		DynamicRecordSizingDisabled: true,
	}
	if _, ok := certs.(*ACME); ok {
		t.NextProtos = append(t.NextProtos, challengeProtocol)
	}
	return t
}
