// Package api is the OpenAPI document of the public port, as files and as what
// answers /v1/openapi.yaml and /v1/openapi.json.
package api

import (
	_ "embed"
	"net/http"
	"strconv"
	"sync"

	"arbiter/server/httpapi"

	"github.com/goccy/go-yaml"
)

// YAML is the document as it is written.
//
//go:embed openapi.yaml
var YAML []byte

// JSON is the same as JSON.
var JSON = sync.OnceValues(func() ([]byte, error) { return yaml.YAMLToJSON(YAML) })

// Routes adds the document to an API's paths.
func Routes(to *httpapi.Router) {
	to.Path("/v1/openapi.yaml", httpapi.Methods{http.MethodGet: func(w http.ResponseWriter, _ *http.Request) error {
		return send(w, "application/yaml", YAML)
	}})
	to.Path("/v1/openapi.json", httpapi.Methods{http.MethodGet: func(w http.ResponseWriter, _ *http.Request) error {
		text, err := JSON()
		if err != nil {
			return err // not reached: tests have read it
		}
		return send(w, "application/json", text)
	}})
}

func send(w http.ResponseWriter, mediaType string, text []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(text) // the client is gone if this fails
	return nil
}
