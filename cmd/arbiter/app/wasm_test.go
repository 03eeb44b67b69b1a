package app

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"arbiter/cmd/arbiter/app/wasmbuild"
	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/tag"
)

// rulesFolder is a folder as "arbiter wasm" leaves it, with a module that is
// only its first bytes.
func rulesFolder(t *testing.T, games map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	var module bytes.Buffer
	z := gzip.NewWriter(&module)
	_, _ = z.Write([]byte("\x00asm"))
	_ = z.Close()
	manifest, err := json.Marshal(wasmbuild.Manifest{Games: games})
	if err != nil {
		t.Fatal(err)
	}
	for ext, content := range map[string][]byte{".wasm.gz": module.Bytes(), ".json": manifest} {
		if err := os.WriteFile(filepath.Join(dir, "rules-0123456789ab"+ext), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestServeRules(t *testing.T) {
	t.Parallel()
	s := serving(t, "--games", "tag", "--tick-rate", "tag=40", "--wasm", rulesFolder(t, map[string]string{"tag": wasmbuild.SchemaHash(tag.Game)}))
	if _, body := fetch(t, http.MethodGet, "http://"+s.addr+"/client/files.json"); !strings.Contains(body, `"rules.wasm":"/client/rules-0123456789ab.wasm"`) {
		t.Errorf("files %s", body)
	}
	if status, body := fetch(t, http.MethodGet, "http://"+s.addr+"/client/rules-0123456789ab.wasm"); status != http.StatusOK || body != "\x00asm" {
		t.Errorf("status %d, rules %q", status, body)
	}
}

// Rules that no hosted game can use end the program before it listens, with the
// command that builds others.
func TestBadRules(t *testing.T) {
	empty, stale := t.TempDir(), rulesFolder(t, map[string]string{"tag": "0123456789abcdef"})
	for dir, want := range map[string]string{
		empty: "there are no rules: build them with arbiter wasm -o " + empty + " PACKAGE",
		stale: "the rules of tag are of another version of the game: build them again with arbiter wasm -o " + stale + " PACKAGE",
	} {
		o := command(t, "serve", "--addr", "127.0.0.1:0", "--admin-addr", "off", "--wasm", dir)
		if o.status != exitFailed || !strings.Contains(o.err, "--wasm: ") || !strings.Contains(o.err, want) {
			t.Errorf("status %d, lacks %q:\n%s", o.status, want, o.err)
		}
	}
}

// What main brings along is served like what --wasm names, and checked like it.
func TestBuiltInRules(t *testing.T) {
	var none rulesFlags
	log := slog.New(slog.DiscardHandler)
	embedded := func(hash string) fs.FS {
		return fstest.MapFS{
			"wasm/rules-0123456789ab.wasm.gz": {Data: []byte("…")},
			"wasm/rules-0123456789ab.json":    {Data: []byte(`{"games":{"tag":"` + hash + `"}}`)},
		}
	}
	hosted := []game.Definition{tag.Game, arena.Game}
	dir, err := none.browserRules(embedded(wasmbuild.SchemaHash(tag.Game)), hosted, log)
	if err != nil || dir == nil {
		t.Fatal(dir, err)
	}
	if names, err := fs.Glob(dir, "rules-*"); err != nil || len(names) != 2 {
		t.Errorf("%v, %v", names, err)
	}
	want := "the rules that are built into this program: there are no rules: build them with arbiter wasm -o DIR PACKAGE"
	if _, err := none.browserRules(fstest.MapFS{}, hosted, log); err == nil || err.Error() != want {
		t.Errorf("%v, want %q", err, want)
	}
	if _, err := none.browserRules(embedded("0123456789abcdef"), hosted, log); err == nil || !strings.Contains(err.Error(), "the rules of tag are of another version") {
		t.Error(err)
	}
}

func TestWASMUsage(t *testing.T) {
	if o := command(t, "wasm"); o.status != exitUsage || !strings.Contains(o.err, `expected "<package> ..."`) {
		t.Errorf("status %d: %s", o.status, o.err)
	}
	o := command(t, "wasm", "-o", t.TempDir(), "arbiter/cmd/arbiter")
	if o.status != exitFailed || !strings.Contains(o.err, "arbiter wasm: arbiter/cmd/arbiter is a program, which nothing can import") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
}
