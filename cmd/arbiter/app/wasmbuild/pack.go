package wasmbuild

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// packed is a module as it was stored.
type packed struct {
	name string // of both files, without what follows the hash: rules-0123456789ab
	size int    // of the compressed module, in bytes
}

// pack stores a module compressed and its manifest in a folder, under names that
// change with the module, and removes those that were there before.
func pack(wasm []byte, m Manifest, dir string) (packed, error) {
	if !bytes.HasPrefix(wasm, []byte("\x00asm")) {
		return packed{}, fmt.Errorf("%d bytes that are no WebAssembly module", len(wasm))
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return packed{}, err
	}
	// #nosec G301 -- what browsers get, for whoever serves it
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return packed{}, err
	}
	if err := removeOld(dir); err != nil {
		return packed{}, err
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = z.Write(wasm)                                  // a bytes.Buffer takes everything
	_ = z.Close()
	var small bytes.Buffer
	br := brotli.NewWriterLevel(&small, brotliLevel)
	_, _ = br.Write(wasm)
	_ = br.Close()
	sum := sha256.Sum256(wasm)
	p := packed{fmt.Sprintf("rules-%x", sum[:6]), b.Len()}
	at := filepath.Join(dir, p.name)
	// #nosec G306 -- as above
	if err := os.WriteFile(at+moduleExt, b.Bytes(), 0o644); err != nil {
		return packed{}, err
	}
	// #nosec G306 -- as above
	if err := os.WriteFile(at+brotliExt, small.Bytes(), 0o644); err != nil {
		return packed{}, err
	}
	return p, os.WriteFile(at+".json", append(text, '\n'), 0o644) // #nosec G306 -- as above
}

const (
	moduleExt = ".wasm.gz"
	brotliExt = ".wasm.br" // a sixth smaller, for browsers that take it: those that came by TLS, or on the same machine

	// brotliLevel takes a second for the demo games. The next ones take a minute to
	// save a tenth more.
	brotliLevel = 9
)

func removeOld(dir string) error {
	for _, ext := range []string{moduleExt, brotliExt, ".json"} {
		old, err := filepath.Glob(filepath.Join(dir, "rules-*"+ext))
		if err != nil {
			return err
		}
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}
