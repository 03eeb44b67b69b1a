// Package web serves the playground, the client library for browsers and the
// games' rules as WebAssembly, all from memory. "make web" makes the first two;
// see cmd/webbuild. "arbiter wasm" builds the rules, and "make wasm" those of the
// demo games.
//
//	/                           the playground
//	/client/arbiter-client.js   the client library
//	/client/rules-HASH.wasm     the rules
//	/client/rules-HASH.json     which games they are of, with the hash of their schema
//	/client/files.json          where these are, by their names without a hash;
//	                            without the rules if there are none
//
// What is below /client/ may be used by pages from anywhere.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed dist
var dist embed.FS

// Pages answers GET and HEAD for the paths above, everything else by 404. It
// is for server.Config.Pages. rules is a folder that "arbiter wasm" wrote, or
// nil; what else is in it is not served. prefix is the path of the server's
// public URL, such as /arena, or empty: files.json has it, and requests come
// without it. The error is about rules only.
func Pages(rules fs.FS, prefix string) (http.Handler, error) {
	s, err := read(embedded("dist"))
	if err != nil {
		panic(err) // what webbuild wrote can be read
	}
	if err := s.replaceRules(rules, prefix); err != nil {
		return nil, err
	}
	return s, nil
}

// Rules is the folder with the rules that are built into this program: those of
// the demo games, if "make wasm" was run before. It may be empty.
func Rules() fs.FS { return embedded("dist/client") }

func embedded(dir string) fs.FS {
	files, err := fs.Sub(dist, dir)
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}
