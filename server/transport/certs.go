package transport

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// certPoll is how often the files of a certificate are looked at, at most. It
// happens in handshakes, so a port without visitors looks at nothing.
const certPoll = 5 * time.Second

// CertFiles is a certificate chain and its key in PEM files, read again when
// they have changed. If the new ones cannot be used, the last good certificate
// stays. It is safe for concurrent use.
type CertFiles struct {
	certPath, keyPath string
	log               *slog.Logger
	now               func() time.Time

	current atomic.Pointer[tls.Certificate]

	pollMu sync.Mutex
	looked time.Time // guarded by pollMu
	read   filePair  // guarded by pollMu: what current was read from
	failed filePair  // guarded by pollMu: what could not be used
}

// filePair is by what a change of the two files is noticed.
type filePair [2]os.FileInfo

func (p filePair) same(q filePair) bool {
	for i := range p {
		if p[i] == nil || q[i] == nil || !os.SameFile(p[i], q[i]) || !p[i].ModTime().Equal(q[i].ModTime()) || p[i].Size() != q[i].Size() {
			return false
		}
	}
	return true
}

// LoadCertFiles reads both files, which must be good the first time. Later
// failures go to log; nil discards them.
func LoadCertFiles(certPath, keyPath string, log *slog.Logger) (*CertFiles, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	f := &CertFiles{certPath: certPath, keyPath: keyPath, log: log, now: time.Now}
	pair, err := f.stat()
	if err != nil {
		return nil, err
	}
	f.looked = f.now()
	return f, f.load(pair)
}

// GetCertificate implements [Certificates].
func (f *CertFiles) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if f.pollMu.TryLock() { // others go on with what there is
		f.poll()
		f.pollMu.Unlock()
	}
	return f.current.Load(), nil
}

// poll reads the files again if they have changed. pollMu is held.
func (f *CertFiles) poll() {
	now := f.now()
	if d := now.Sub(f.looked); d >= 0 && d < certPoll {
		return
	}
	f.looked = now
	pair, err := f.stat()
	if err == nil && pair.same(f.read) {
		return
	}
	if err == nil {
		err = f.load(pair)
	}
	if err == nil {
		f.log.Info("transport: certificate read again", slog.String("file", f.certPath))
		return
	}
	if !pair.same(f.failed) { // the two files change one after the other: tried again, told once
		f.log.Error("transport: the certificate has changed and cannot be used: the old one stays", slog.Any("error", err))
	}
	f.failed = pair
}

func (f *CertFiles) stat() (pair filePair, err error) {
	for i, path := range []string{f.certPath, f.keyPath} {
		if pair[i], err = os.Stat(path); err != nil {
			return filePair{}, fmt.Errorf("transport: certificate: %w: name existing PEM files", err)
		}
	}
	return pair, nil
}

func (f *CertFiles) load(pair filePair) error {
	cert, err := tls.LoadX509KeyPair(f.certPath, f.keyPath)
	if err != nil {
		return fmt.Errorf("transport: certificate %s with key %s: %w: both must be PEM and belong together", f.certPath, f.keyPath, err)
	}
	if now := f.now(); now.After(cert.Leaf.NotAfter) {
		f.log.Warn("transport: the certificate has expired", slog.String("file", f.certPath), slog.Time("at", cert.Leaf.NotAfter))
	}
	f.read = pair
	f.current.Store(&cert)
	return nil
}
