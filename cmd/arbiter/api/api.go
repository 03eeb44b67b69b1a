// Package api is the OpenAPI document of the public port, as files and as what
// answers /v1/openapi.yaml and /v1/openapi.json.
package api

import (
	_ "embed"
	"net/http"
	"strconv"
	"sync"

	"github.com/goccy/go-yaml"
)

// YAML is the document as it is written.
//
//go:embed openapi.yaml
var YAML []byte

// JSON is the same as JSON.
var JSON = sync.OnceValues(func() ([]byte, error) { return yaml.YAMLToJSON(YAML) })

// Serve answers requests for the document and reports whether it was one.
func Serve(w http.ResponseWriter, r *http.Request) bool {
	var text []byte
	kind := "application/yaml"
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return false
	case r.URL.Path == "/v1/openapi.yaml":
		text = YAML
	case r.URL.Path == "/v1/openapi.json":
		text, _ = JSON() // tests have read it
		kind = "application/json"
	default:
		return false
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(text) // the client is gone if this fails
	return true
}
