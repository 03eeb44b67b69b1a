package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	clientPath    = "client/arbiter-client.js"
	clientBudget  = 17_500 // bytes, compressed, without the msgpack library
	matchmakePath = "client/arbiter-matchmake.js"
	msgpack       = "@msgpack/msgpack"
)

// sources are where things come from.
type sources struct {
	client    string // entry of the client library
	matchmake string // entry of its matchmaking module
	page      string // index.html
	app       string // entry of the playground
	modules   string // node_modules
	dist      string // where all of it goes
}

// bundled is what there is to serve.
type bundled struct {
	files map[string][]byte // by path below dist
	alone map[string][]byte // what the client loads at once, without its msgpack library
}

// own is the compressed size of the client alone.
func (b bundled) own() (plain, packed int) {
	for _, text := range b.alone {
		plain += len(text)
		packed += compressed(text)
	}
	return plain, packed
}

// budget fails if the client weighs too much.
func (b bundled) budget() error {
	if _, n := b.own(); n > clientBudget {
		return fmt.Errorf("the client weighs %d bytes compressed, without %s; its budget is %d: make it smaller", n, msgpack, clientBudget)
	}
	return nil
}

func bundle(root string) (bundled, error) {
	ts, web := filepath.Join(root, "netcode", "ts"), filepath.Join(root, "cmd", "arbiter", "web")
	s := sources{
		client: filepath.Join(ts, "src", "index.ts"), matchmake: filepath.Join(ts, "src", "matchmake", "index.ts"),
		modules: filepath.Join(ts, "node_modules"),
		page:    filepath.Join(web, "index.html"), app: filepath.Join(web, "app", "main.ts"),
		dist: filepath.Join(web, "dist"),
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
	if err := s.bundleMatchmake(&b); err != nil {
		return b, err
	}
	return b, s.bundleApp(&b)
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
// without the library it uses. What it imports when it is asked for first is a
// file of its own, which shares nothing with the rest: that is smaller than
// three files.
func (s sources) bundleClient(b *bundled, license string) error {
	parts := map[string]string{} // sources of what comes later, and their files beside the client's
	o := s.options(s.client, clientPath)
	o.Plugins = []api.Plugin{later(func(source string) string {
		parts[source] = ""
		return "later"
	})}
	if _, err := s.build(o); err != nil {
		return err
	}
	for source := range parts {
		name, text, err := s.part(source)
		if err != nil {
			return err
		}
		parts[source] = "./" + name
		b.files[path.Join(path.Dir(clientPath), name)] = text
	}
	o.Plugins = []api.Plugin{later(func(source string) string { return parts[source] })}
	whole, err := s.build(o)
	if err != nil {
		return err
	}
	o.External = []string{msgpack}
	if b.alone, err = s.build(o); err != nil {
		return err
	}
	maps.Copy(b.files, whole)
	b.files[clientPath] = append([]byte(license+"\n"), b.files[clientPath]...)
	return nil
}

// bundleMatchmake makes the file that finds matches, which pages load beside
// the client if they need it. It shares nothing with the client's.
func (s sources) bundleMatchmake(b *bundled) error {
	made, err := s.build(s.options(s.matchmake, matchmakePath))
	maps.Copy(b.files, made)
	return err
}

// part builds a module that is loaded later, and names it by what it is.
func (s sources) part(source string) (name string, text []byte, err error) {
	made, err := s.build(s.options(source, "part.js"))
	if err != nil {
		return "", nil, err
	}
	text = made["part.js"]
	sum := sha256.Sum256(text)
	base := strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))
	return fmt.Sprintf("parts/%s-%x.js", base, sum[:6]), text, nil
}

// bundleApp makes the playground, which loads the client library as any other
// page would.
func (s sources) bundleApp(b *bundled) error {
	o := s.options(s.app, "app.js")
	o.Plugins = []api.Plugin{{Name: "client", Setup: func(b api.PluginBuild) {
		for name, file := range map[string]string{"arbiter-client": clientPath, "arbiter-client/matchmake": matchmakePath} {
			b.OnResolve(api.OnResolveOptions{Filter: "^" + name + "$"}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
				return api.OnResolveResult{Path: "./" + file, External: true}, nil
			})
		}
	}}}
	made, err := s.build(o)
	maps.Copy(b.files, made)
	return err
}
