// Package api is the OpenAPI document of the public port, as files and as what
// answers /v1/openapi.yaml and /v1/openapi.json.
package api

import (
	_ "embed"
	"net/http"
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
	to.Path("/v1/openapi.yaml", httpapi.Methods{
		http.MethodGet: httpapi.Documented("application/yaml", func() ([]byte, error) { return YAML, nil }),
	})
	to.Path("/v1/openapi.json", httpapi.Methods{http.MethodGet: httpapi.Documented("application/json", JSON)})
}
