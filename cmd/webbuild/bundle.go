package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	clientPath   = "client/arbiter-client.js"
	clientBudget = 15_000 // bytes, compressed, without the msgpack library
	msgpack      = "@msgpack/msgpack"
)

// sources are where things come from.
type sources struct {
	client  string // entry of the client library
	page    string // index.html
	app     string // entry of the playground
	modules string // node_modules
}

// bundled is what there is to serve.
type bundled struct {
	files map[string][]byte // by path below dist
	alone []byte            // the client without its msgpack library
}

// budget fails if the client weighs too much.
func (b bundled) budget() error {
	if n := compressed(b.alone); n > clientBudget {
		return fmt.Errorf("the client weighs %d bytes compressed, without %s; its budget is %d: make it smaller", n, msgpack, clientBudget)
	}
	return nil
}

func bundle(root string) (bundled, error) {
	ts, web := filepath.Join(root, "netcode", "ts"), filepath.Join(root, "cmd", "arbiter", "web")
	s := sources{
		client: filepath.Join(ts, "src", "index.ts"), modules: filepath.Join(ts, "node_modules"),
		page: filepath.Join(web, "index.html"), app: filepath.Join(web, "app", "main.ts"),
	}
	license, err := s.license()
	if err != nil {
		return bundled{}, err
	}
	page, err := os.ReadFile(s.page)
	if err != nil {
		return bundled{}, err
	}
	b := bundled{files: map[string][]byte{"index.html": page}}
	if err := s.bundleClient(&b, license); err != nil {
		return b, err
	}
	return b, s.bundleApp(b.files)
}

var copyright = regexp.MustCompile(`(?m)^Copyright .*$`)

// license is the comment that the license of the msgpack library asks for.
func (s sources) license() (string, error) {
	text, err := os.ReadFile(filepath.Join(s.modules, msgpack, "LICENSE"))
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s is missing in %s: run make web, or npm ci in netcode/ts", msgpack, s.modules)
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/* Contains %s (ISC License): %s */", msgpack, copyright.Find(text)), nil
}

// bundleClient makes the client library for those who have no bundler, with and
// without the library it uses.
func (s sources) bundleClient(b *bundled, license string) error {
	o := options(s.client, "arbiter-client.js")
	whole, err := build(o)
	if err != nil {
		return err
	}
	o.External = []string{msgpack}
	alone, err := build(o)
	b.alone = alone["arbiter-client.js"]
	b.files[clientPath] = append([]byte(license+"\n"), whole["arbiter-client.js"]...)
	return err
}

// bundleApp makes the playground, which loads the client library as any other
// page would.
func (s sources) bundleApp(files map[string][]byte) error {
	o := options(s.app, "app.js")
	o.Plugins = []api.Plugin{{Name: "client", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^arbiter-client$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "/" + clientPath, External: true}, nil
		})
	}}}
	made, err := build(o)
	for name, text := range made {
		files[name] = text
	}
	return err
}

func options(entry, out string) api.BuildOptions {
	dir := filepath.Dir(entry)
	return api.BuildOptions{
		EntryPoints: []string{entry}, Outfile: filepath.Join(dir, out), AbsWorkingDir: dir,
		Bundle: true, Format: api.FormatESModule, Target: api.ES2022, Platform: api.PlatformBrowser,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsEndOfFile, LogLevel: api.LogLevelSilent,
		TsconfigRaw: `{"compilerOptions":{"target":"ES2022","useDefineForClassFields":true,"verbatimModuleSyntax":true}}`,
	}
}

// build returns what esbuild would write, by name.
func build(o api.BuildOptions) (map[string][]byte, error) {
	r := api.Build(o)
	if bad := append(r.Errors, r.Warnings...); len(bad) > 0 {
		lines := api.FormatMessages(bad, api.FormatMessagesOptions{})
		return nil, errors.New(strings.TrimSpace(strings.Join(lines, "")))
	}
	files := map[string][]byte{}
	for _, f := range r.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}
