package main

import (
	"encoding/json"
	"errors"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// options are how everything is built; out is the path of entry's file below
// dist.
func (s sources) options(entry, out string) api.BuildOptions {
	return api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: entry, OutputPath: strings.TrimSuffix(out, path.Ext(out))}},
		AbsWorkingDir:       filepath.Dir(s.dist), Outdir: s.dist, ChunkNames: path.Join(path.Dir(out), "parts", "[name]-[hash]"),
		Bundle: true, Splitting: true, Metafile: true,
		Format: api.FormatESModule, Target: api.ES2022, Platform: api.PlatformBrowser,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsEndOfFile, LogLevel: api.LogLevelSilent,
		TsconfigRaw: `{"compilerOptions":{"target":"ES2022","useDefineForClassFields":true,"verbatimModuleSyntax":true}}`,
	}
}

// made is what esbuild would write.
type made struct {
	files   map[string][]byte   // by path below dist
	imports map[string][]string // what each file loads at once
}

func (s sources) build(o api.BuildOptions) (made, error) {
	r := api.Build(o)
	if bad := append(r.Errors, r.Warnings...); len(bad) > 0 {
		lines := api.FormatMessages(bad, api.FormatMessagesOptions{})
		return made{}, errors.New(strings.TrimSpace(strings.Join(lines, "")))
	}
	m := made{map[string][]byte{}, map[string][]string{}}
	for _, f := range r.OutputFiles {
		name, err := filepath.Rel(s.dist, f.Path)
		if err != nil {
			return m, err
		}
		m.files[filepath.ToSlash(name)] = f.Contents
	}
	var meta struct {
		Outputs map[string]struct {
			Imports []struct {
				Path, Kind string
				External   bool
			}
		}
	}
	if err := json.Unmarshal([]byte(r.Metafile), &meta); err != nil {
		return m, err
	}
	below := filepath.Base(s.dist) + "/"
	for name, out := range meta.Outputs {
		name = strings.TrimPrefix(name, below)
		for _, i := range out.Imports {
			if i.Kind == "import-statement" && !i.External {
				m.imports[name] = append(m.imports[name], strings.TrimPrefix(i.Path, below))
			}
		}
	}
	return m, nil
}

// atOnce returns a file and all that it loads before it runs.
func (m made) atOnce(entry string) map[string][]byte {
	found, todo := map[string][]byte{}, []string{entry}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if _, seen := found[name]; !seen {
			found[name] = m.files[name]
			todo = append(todo, m.imports[name]...)
		}
	}
	return found
}
