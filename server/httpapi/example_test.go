package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"arbiter/server/httpapi"
)

func Example() {
	var types httpapi.Registry
	noName := types.Define("no_name", http.StatusUnprocessableEntity, "No name", "Send a name of 1 to 64 bytes.")
	if err := types.Register(httpapi.Common()...); err != nil {
		panic(err) // one code with two titles
	}
	rt := httpapi.NewRouter(nil, nil)
	types.Routes(rt)
	rt.Path("/v1/greetings", httpapi.Methods{http.MethodPost: func(w http.ResponseWriter, r *http.Request) error {
		var body struct {
			Name string `json:"name"`
		}
		if err := httpapi.ReadJSON(w, r, &body); err != nil {
			return err
		}
		if body.Name == "" {
			return noName.At("name", "is missing", "send one")
		}
		httpapi.Answer(w, http.StatusCreated, map[string]string{"greeting": "Hello, " + body.Name})
		return nil
	}})
	for _, body := range []string{`{"name":"Ann"}`, `{}`, `{"name":5}`} {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest("POST", "/v1/greetings", strings.NewReader(body)))
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 201 {"greeting":"Hello, Ann"}
	// 422 {"type":"/v1/problems/no_name","title":"No name","status":422,"detail":"name: is missing; send one","code":"no_name","errors":[{"where":"name","detail":"is missing","remedy":"send one"}]}
	// 400 {"type":"/v1/problems/bad_json","title":"Bad JSON","status":400,"detail":"name: is a number; send a string","code":"bad_json","errors":[{"where":"name","detail":"is a number","remedy":"send a string"}]}
}
