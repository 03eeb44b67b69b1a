//go:build !wasip1

package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	out := flag.String("o", "rules.wasm", "where to write the module")
	into := flag.String("pack", "", "folder that gets the module compressed, as rules-HASH.wasm.gz, instead of those there")
	flag.Parse()
	if err := run(*out, *into, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "rules-wasm:", err)
		os.Exit(1)
	}
}

func run(out, into string, report io.Writer) error {
	if err := compile(out); err != nil || into == "" {
		return err
	}
	wasm, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	packed, err := pack(wasm, into)
	if err == nil {
		fmt.Fprintf(report, "  %-52s %8d bytes, %7d compressed\n", filepath.Base(out), len(wasm), packed)
	}
	return err
}

// compile builds this package for WebAssembly. It takes no flags from the
// environment, so that the same sources give the same name.
func compile(out string) error {
	build := exec.Command("go", "build", "-buildmode=c-shared", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", out, "arbiter/cmd/rules-wasm")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=", "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build for wasip1: %w\n%s", err, text)
	}
	return nil
}

// pack stores a module compressed, under a name that changes with its content,
// removes the ones before it, and returns its compressed size.
func pack(wasm []byte, dir string) (int, error) {
	if !bytes.HasPrefix(wasm, []byte("\x00asm")) {
		return 0, fmt.Errorf("%d bytes that are no WebAssembly module", len(wasm))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	old, err := filepath.Glob(filepath.Join(dir, "rules-*.wasm.gz"))
	if err != nil {
		return 0, err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return 0, err
		}
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = z.Write(wasm)                                  // a bytes.Buffer takes everything
	_ = z.Close()
	sum := sha256.Sum256(wasm)
	return b.Len(), os.WriteFile(filepath.Join(dir, fmt.Sprintf("rules-%x.wasm.gz", sum[:6])), b.Bytes(), 0o644)
}
