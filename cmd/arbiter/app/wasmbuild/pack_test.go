package wasmbuild

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestPack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "client")
	names := map[string]bool{}
	for _, text := range []string{"one", "two", "two"} {
		wasm := []byte("\x00asm" + text)
		p, err := pack(wasm, Manifest{map[string]string{"pong": "0123456789abcdef"}}, dir)
		if err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(dir, "*.wasm.gz"))
		if err != nil || len(found) != 1 || filepath.Base(found[0]) != p.name+moduleExt {
			t.Fatalf("after %s: %v, %v", text, found, err)
		}
		names[found[0]] = true
		b, err := os.ReadFile(found[0])
		if err != nil || len(b) != p.size {
			t.Fatalf("%d bytes, %v; want %d", len(b), err, p.size)
		}
		if m, err := ReadManifest(os.DirFS(dir)); err != nil || m.Games["pong"] != "0123456789abcdef" {
			t.Errorf("manifest %v, %v", m, err)
		}
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, wasm) {
			t.Errorf("%s holds %q, %v", found[0], got, err)
		}
		if small, err := filepath.Glob(filepath.Join(dir, "*.br")); err != nil || len(small) != 1 {
			t.Errorf("in brotli: %v, %v", small, err)
		}
		f, err := os.Open(filepath.Join(dir, p.name+brotliExt))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(brotli.NewReader(f)); err != nil || !bytes.Equal(got, wasm) {
			t.Errorf("in brotli it holds %q, %v", got, err)
		}
		_ = f.Close()
	}
	if len(names) != 2 {
		t.Errorf("names %v; want one for each content", names)
	}
	if _, err := pack([]byte("hello"), Manifest{}, dir); err == nil {
		t.Error("a text was taken for WebAssembly")
	}
}
