package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// site writes a small repository and returns its root.
func site(t *testing.T, more ...string) string {
	t.Helper()
	root := t.TempDir()
	files := append([]string{
		"netcode/ts/src/index.ts", `import { encode } from "@msgpack/msgpack"; import { shared } from "./shared.ts";
			export const connect = (x: unknown): Uint8Array => encode(shared(x)); export const more = () => import("./later.ts");`,
		"netcode/ts/src/shared.ts", `export const shared = (x: unknown): string => "used by both " + x;`,
		"netcode/ts/src/later.ts", `import { shared } from "./shared.ts"; export const later = "when asked for" + shared(1);`,
		"netcode/ts/src/matchmake/index.ts", `import { shared } from "../shared.ts"; export const matchmake = () => shared("finding");`,
		"netcode/ts/node_modules/@msgpack/msgpack/LICENSE", "Copyright 2019 Somebody.\n\nAs is.",
		"netcode/ts/node_modules/@msgpack/msgpack/package.json", `{"name": "@msgpack/msgpack", "main": "index.js"}`,
		"netcode/ts/node_modules/@msgpack/msgpack/index.js", `export function encode(x) { return new TextEncoder().encode("packed" + x) }`,
		"cmd/arbiter/web/index.html", "<!doctype html><title>page</title>",
		"cmd/arbiter/web/app/main.ts", `import "./main.css"; import { connect } from "arbiter-client";
			import { matchmake } from "arbiter-client/matchmake"; connect(document.title + matchmake());`,
		"cmd/arbiter/web/app/main.css", "body { color: red }",
	}, more...)
	for i := 0; i < len(files); i += 2 {
		put(t, filepath.Join(root, files[i]), files[i+1])
	}
	return root
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, root, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "cmd/arbiter/web/dist", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBuildThenCheck(t *testing.T) {
	root := site(t, "cmd/arbiter/web/dist/gone.js", "1", "cmd/arbiter/web/dist/client/rules-00.wasm.gz", "2", "cmd/arbiter/web/dist/client/.gitignore", "rules-*")
	var report strings.Builder
	if err := run([]string{"-C", root}, &report); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"index.html":                  "<title>page</title>",
		"app.js":                      `from"./client/arbiter-client.js";import{matchmake as`,
		"app.css":                     "body{color:red}",
		"client/arbiter-client.js":    "Contains @msgpack/msgpack (ISC License): Copyright 2019 Somebody.",
		"client/arbiter-matchmake.js": "used by both",
		"client/rules-00.wasm.gz":     "2",
		"client/.gitignore":           "rules-*",
	} {
		if !strings.Contains(get(t, root, name), want) {
			t.Errorf("%s lacks %q:\n%s", name, want, get(t, root, name))
		}
	}
	if _, err := os.Stat(filepath.Join(root, "cmd/arbiter/web/dist/gone.js")); err == nil {
		t.Error("gone.js is still there")
	}
	if !strings.Contains(report.String(), "the client at once, without @msgpack/msgpack") {
		t.Errorf("no sizes in\n%s", report.String())
	}
	if err := run([]string{"-C", root, "-check"}, io.Discard); err != nil {
		t.Errorf("right after the build: %v", err)
	}
	for _, change := range []struct{ path, text, want string }{
		{"cmd/arbiter/web/app/main.css", "body { color: blue }", "app.css in"},
		{"cmd/arbiter/web/dist/more.js", "1", "app.css, more.js in"},
	} {
		put(t, filepath.Join(root, change.path), change.text)
		err := run([]string{"-C", root, "-check"}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), change.want) || !strings.Contains(err.Error(), "run make web") {
			t.Errorf("after a change of %s: %v", change.path, err)
		}
	}
}

// What is asked for later is not part of what is loaded at once, and brings
// what both need itself.
func TestParts(t *testing.T) {
	b, err := bundle(site(t))
	if err != nil {
		t.Fatal(err)
	}
	var all, atOnce strings.Builder
	for _, text := range b.files {
		all.Write(text)
	}
	for _, text := range b.alone {
		atOnce.Write(text)
	}
	for text, want := range map[string]bool{"used by both": true, "when asked for": false, "packed": false} {
		if got := strings.Contains(atOnce.String(), text); got != want || !strings.Contains(all.String(), text) {
			t.Errorf("%q is loaded at once: %v; want %v\n%s", text, got, want, all.String())
		}
	}
}

// The README names the oldest browsers, and what they do not know is rewritten.
func TestOldestBrowsers(t *testing.T) {
	readme, err := os.ReadFile("../../netcode/ts/README.md")
	if err != nil {
		t.Fatal(err)
	}
	names := map[api.EngineName]string{
		api.EngineChrome: "Chrome", api.EngineEdge: "Edge", api.EngineFirefox: "Firefox", api.EngineSafari: "Safari", api.EngineIOS: "iOS",
	}
	for _, e := range oldest {
		if name := names[e.Name] + " " + e.Version; !strings.Contains(string(readme), name) {
			t.Errorf("netcode/ts/README.md does not name %s", name)
		}
	}
	root := site(t,
		"cmd/arbiter/web/app/main.css", "a { &:hover { color: red } }", // nesting: Chrome 112
		"netcode/ts/src/index.ts", "export function connect() { using room = { [Symbol.dispose]() {} }; return room }")
	b, err := bundle(root)
	if err != nil {
		t.Fatal(err)
	}
	if css := string(b.files["app.css"]); strings.TrimSpace(css) != "a:hover{color:red}" {
		t.Errorf("app.css is %q", css)
	}
	if js := string(b.files[clientPath]); strings.Contains(js, "using ") {
		t.Errorf("the client has syntax of later browsers: %q", js)
	}
}

func TestSameWhereverItIs(t *testing.T) {
	a, err := bundle(site(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle(site(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.files) < 5 || !maps.EqualFunc(a.files, b.files, bytes.Equal) {
		t.Errorf("built twice: %v and %v", slices.Sorted(maps.Keys(a.files)), slices.Sorted(maps.Keys(b.files)))
	}
}

func TestUnchangedFilesAreLeftAlone(t *testing.T) {
	root := site(t)
	file := filepath.Join(root, "cmd/arbiter/web/dist/app.js")
	var before os.FileInfo
	for range 2 {
		if err := run([]string{"-C", root}, io.Discard); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if before != nil && !info.ModTime().Equal(before.ModTime()) {
			t.Error("app.js was written again")
		}
		before = info
	}
}

func TestRefused(t *testing.T) {
	var long strings.Builder
	for n := range 3000 {
		fmt.Fprintf(&long, "export const a%d = %q;\n", n, fmt.Sprint(n*n*7919))
	}
	empty := site(t)
	if err := os.RemoveAll(filepath.Join(empty, "netcode/ts/node_modules")); err != nil {
		t.Fatal(err)
	}
	for want, root := range map[string]string{
		"npm ci in netcode/ts":   empty,
		"its budget is 17500":    site(t, "netcode/ts/src/index.ts", long.String()),
		`Could not resolve "./x`: site(t, "cmd/arbiter/web/app/main.ts", `import "./x.ts"`),
		"not what the sources":   site(t),
	} {
		err := run([]string{"-C", root, "-check"}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want %q", err, want)
		}
	}
}
