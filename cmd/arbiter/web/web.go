// Package web serves the playground, the client library for browsers and the
// games' rules as WebAssembly, all from memory. "make web" and "make wasm" make
// them; see cmd/webbuild.
//
//	/                           the playground
//	/client/arbiter-client.js   the client library
//	/client/rules-HASH.wasm     the rules
//	/client/files.json          where the two above are; without the rules if
//	                            they are not built
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
// is for server.Config.Pages.
func Pages() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded
	}
	s, err := read(files)
	if err != nil {
		panic(err) // what webbuild wrote can be read
	}
	return s
}
