package transport

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// TestCertFiles: a new certificate is served without a restart, and a broken
// one is not.
func TestCertFiles(t *testing.T) {
	dir := t.TempDir()
	chain, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	write := func(path string, b []byte) {
		t.Helper()
		temp := path + ".new" // another inode, as programs that renew write it
		if err := os.WriteFile(temp, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(temp, path); err != nil {
			t.Fatal(err)
		}
	}
	first, second := gameCert(t), newCert(t)
	write(chain, first.chain)
	write(key, first.key)
	var log bytes.Buffer
	f, err := LoadCertFiles(chain, key, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	f.now = func() time.Time { return now }
	serves := func(want *issued) {
		t.Helper()
		got, err := f.GetCertificate(nil)
		if err != nil || !bytes.Equal(got.Certificate[0], want.cert.Certificate[0]) {
			t.Errorf("another certificate, %v", err)
		}
	}
	later := func() { now = now.Add(certPoll) }

	serves(first)
	write(chain, second.chain)
	serves(first) // not looked yet
	later()
	serves(first) // the key is still the old one
	later()
	serves(first)
	if n := strings.Count(log.String(), "old one stays"); n != 1 {
		t.Errorf("told %d times:\n%s", n, log.String())
	}
	write(key, second.key)
	later()
	serves(second)
	if !strings.Contains(log.String(), "read again") {
		t.Errorf("not told:\n%s", log.String())
	}
	write(chain, []byte("no certificate"))
	later()
	serves(second)
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	later()
	serves(second)
	write(chain, first.chain)
	write(key, first.key)
	later()
	serves(first)
	now = now.Add(-time.Hour) // the machine's clock was set
	write(chain, second.chain)
	write(key, second.key)
	serves(second)

	for _, paths := range [][2]string{{chain, filepath.Join(dir, "none")}, {key, chain}, {chain, chain}} {
		if _, err := LoadCertFiles(paths[0], paths[1], nil); err == nil || !strings.HasPrefix(err.Error(), "transport: ") {
			t.Errorf("%v: %v", paths, err)
		}
	}
}

// TestReload: connections that are open stay, new ones see the new certificate.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	chain, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	put := func(i *issued) {
		for path, b := range map[string][]byte{chain: i.chain, key: i.key} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	first, second := gameCert(t), newCert(t)
	onTLS(t, func(t *testing.T, v variant) {
		put(first)
		f, err := LoadCertFiles(chain, key, nil)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		f.now = func() time.Time { return began }
		host := newDouble()
		s := v.start(t, Config{Security: Security{TLS: f}}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		f.pollMu.Lock()
		f.now = func() time.Time { return began.Add(time.Minute) }
		f.pollMu.Unlock()
		put(second)
		tc, err := tls.Dial("tcp", s.Addr().String(), &tls.Config{ServerName: "game.example", RootCAs: second.certificates})
		if err != nil {
			t.Fatal(err)
		}
		_ = tc.Close()
		p.send(transporttest.Frame(0x82, "still here"), false)
		if m := take(t, se.messages, "message"); m != "still here" {
			t.Errorf("received %q", m)
		}
	})
}

func newCert(t *testing.T) *issued {
	t.Helper()
	i, err := issue("game.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x509.ParseCertificate(i.cert.Certificate[0]); err != nil {
		t.Fatal(err)
	}
	return i
}
