package main

import (
	"errors"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// oldest are the oldest browsers that the client and the page run in: what
// syntax they do not know is rewritten or refused. netcode/ts/README.md names
// them.
var oldest = []api.Engine{
	{Name: api.EngineChrome, Version: "111"},
	{Name: api.EngineEdge, Version: "111"},
	{Name: api.EngineFirefox, Version: "114"},
	{Name: api.EngineSafari, Version: "16.4"},
	{Name: api.EngineIOS, Version: "16.4"},
}

// options are how everything is built; out is the path of entry's file below
// dist.
func (s sources) options(entry, out string) api.BuildOptions {
	return api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: entry, OutputPath: strings.TrimSuffix(out, path.Ext(out))}},
		AbsWorkingDir:       filepath.Dir(s.dist), Outdir: s.dist, Bundle: true,
		Format: api.FormatESModule, Target: api.ES2022, Engines: oldest, Platform: api.PlatformBrowser,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsEndOfFile, LogLevel: api.LogLevelSilent,
		TsconfigRaw: `{"compilerOptions":{"target":"ES2022","useDefineForClassFields":false,"verbatimModuleSyntax":true}}`,
	}
}

// build returns what esbuild would write, by path below dist.
func (s sources) build(o api.BuildOptions) (map[string][]byte, error) {
	r := api.Build(o)
	if bad := append(r.Errors, r.Warnings...); len(bad) > 0 {
		lines := api.FormatMessages(bad, api.FormatMessagesOptions{})
		return nil, errors.New(strings.TrimSpace(strings.Join(lines, "")))
	}
	files := map[string][]byte{}
	for _, f := range r.OutputFiles {
		name, err := filepath.Rel(s.dist, f.Path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(name)] = f.Contents
	}
	return files, nil
}

// later resolves what is imported when it is asked for first. name gives its
// file, from the source's path.
func later(name func(source string) string) api.Plugin {
	return api.Plugin{Name: "later", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind != api.ResolveJSDynamicImport {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: name(filepath.Join(a.ResolveDir, filepath.FromSlash(a.Path))), External: true}, nil
		})
	}}
}
