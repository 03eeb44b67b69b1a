package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// output is the folder that the server embeds.
type output struct {
	dir    string
	report io.Writer
}

// weigh prints sizes.
func (o output) weigh(b bundled) {
	line := func(name string, plain, packed int) {
		fmt.Fprintf(o.report, "  %-52s %8d bytes, %7d compressed\n", name, plain, packed)
	}
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		line(name, len(b.files[name]), compressed(b.files[name]))
	}
	plain, packed := b.own()
	line("the client at once, without "+msgpack, plain, packed)
}

// write stores the files that changed and removes those that are no more.
func (o output) write(files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := o.store(name, files[name]); err != nil {
			return err
		}
	}
	old, err := o.unknownFiles(files)
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(filepath.Join(o.dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// store leaves a file alone that is right already, so that nothing is rebuilt
// for its time.
func (o output) store(name string, b []byte) error {
	path := filepath.Join(o.dir, filepath.FromSlash(name))
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

// compare fails if anything is not as it should be.
func (o output) compare(files map[string][]byte) error {
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if old, err := os.ReadFile(filepath.Join(o.dir, filepath.FromSlash(name))); err != nil || !bytes.Equal(old, files[name]) {
			stale = append(stale, name)
		}
	}
	old, err := o.unknownFiles(files)
	if err != nil {
		return err
	}
	if stale = append(stale, old...); len(stale) > 0 {
		return fmt.Errorf("not what the sources give: %s in %s: run make web and commit what changed", strings.Join(stale, ", "), o.dir)
	}
	return nil
}

// unknownFiles are files in the output folder that no build makes, except those of "arbiter wasm".
func (o output) unknownFiles(files map[string][]byte) ([]string, error) {
	var found []string
	err := filepath.WalkDir(o.dir, func(path string, d fs.DirEntry, err error) error {
		if path == o.dir && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		name, err := filepath.Rel(o.dir, path)
		name = filepath.ToSlash(name)
		if _, made := files[name]; !made && !isRules(name) {
			found = append(found, name)
		}
		return err
	})
	return found, err
}

func isRules(name string) bool { return strings.HasPrefix(name, "client/rules-") }

func compressed(b []byte) int {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	_, _ = w.Write(b)                                       // a bytes.Buffer takes everything
	_ = w.Close()
	return out.Len()
}
