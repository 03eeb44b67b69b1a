package main

import (
	"errors"
	"fmt"
	"io"
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

// bundle returns the files to serve by their paths below dist.
func bundle(root string, report io.Writer) (map[string][]byte, error) {
	ts, web := filepath.Join(root, "netcode", "ts"), filepath.Join(root, "cmd", "arbiter", "web")
	s := sources{
		client: filepath.Join(ts, "src", "index.ts"), modules: filepath.Join(ts, "node_modules"),
		page: filepath.Join(web, "index.html"), app: filepath.Join(web, "app", "main.ts"),
	}
	license, err := s.license()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if files["index.html"], err = os.ReadFile(s.page); err != nil {
		return nil, err
	}
	if err := s.bundleClient(files, license, report); err != nil {
		return nil, err
	}
	return files, s.bundleApp(files)
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

// bundleClient makes the client library for those who have no bundler, and
// weighs it with and without the library it uses.
func (s sources) bundleClient(files map[string][]byte, license string, report io.Writer) error {
	o := options(s.client, "arbiter-client.js")
	whole, err := build(o)
	if err != nil {
		return err
	}
	o.External = []string{msgpack}
	alone, err := build(o)
	if err != nil {
		return err
	}
	files[clientPath] = append([]byte(license+"\n"), whole["arbiter-client.js"]...)
	own := alone["arbiter-client.js"]
	weigh(report, clientPath+" without "+msgpack, own)
	if n := compressed(own); n > clientBudget {
		return fmt.Errorf("the client weighs %d bytes compressed, without %s; its budget is %d: make it smaller", n, msgpack, clientBudget)
	}
	return nil
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
