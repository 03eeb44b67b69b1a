package httpapi

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

type embedded struct {
	Player string `json:"player"`
}

type order struct {
	embedded
	Game    string                     `json:"game"`
	Private bool                       `json:"private"`
	Ready   *bool                      `json:"ready"`
	Size    int                        `json:"size"`
	Count   uint8                      `json:"count"`
	Ratio   float64                    `json:"ratio"`
	Until   time.Time                  `json:"until"`
	Free    map[string]json.RawMessage `json:"free"`
	Members []struct {
		Name string `json:"name"`
		embedded
	} `json:"members"`
	Own own `json:"own"`
}

type own struct{}

var ownProblem = Type{Code: "own", Status: 422, Title: "Own"}

func (own) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return errors.New("httpapi.own: a Go type that nobody should see")
	}
	return ownProblem.New("wrong")
}

// Every body that is wrong is told which field it is and what is expected there,
// in words of JSON and not of Go.
func TestReadJSON(t *testing.T) {
	for body, want := range map[string]string{
		"":                   "",
		" \n":                "",
		`{}`:                 "",
		` {"game":"drill"} `: "",
		`{"until":"2030-01-31T12:00:00Z","ready":true,"free":{"a":[1]},"members":[{"name":"x","player":"y"}]}`: "",
		`[]`:                         "the body is not a JSON object: send one object, {…}",
		`null`:                       "the body is not a JSON object: send one object, {…}",
		`"x"`:                        "the body is not a JSON object: send one object, {…}",
		`{"game":`:                   "the body is not JSON: it ends too early",
		`{"game":"drill",}`:          "the body is not JSON, at byte 17: invalid character '}' looking for beginning of object key string; NaN and infinities are not JSON",
		`{"ratio":NaN}`:              "the body is not JSON, at byte 10: invalid character 'N' looking for beginning of value; NaN and infinities are not JSON",
		`{} {}`:                      "something follows the JSON object: send one object only",
		`{"gaem":"drill"}`:           "gaem: there is no such field; leave it out, or correct its name",
		`{"g\"é":1}`:                 `g"é: there is no such field; leave it out, or correct its name`,
		`{"game":7}`:                 "game: is a number; send a string",
		`{"private":"yes"}`:          "private: is a string; send true or false",
		`{"ready":1}`:                "ready: is a number; send true or false",
		`{"size":1.5}`:               "size: is the number 1.5; send a whole number",
		`{"count":-1}`:               "count: is the number -1; send a whole number from 0",
		`{"ratio":true}`:             "ratio: is a boolean; send a number",
		`{"until":5}`:                `until: has a value that it cannot have; send a time such as "2030-01-31T12:00:00Z"`,
		`{"until":"soon"}`:           `until: has a value that it cannot have; send a time such as "2030-01-31T12:00:00Z"`,
		`{"free":[]}`:                "free: is an array; send an object",
		`{"members":{}}`:             "members: is an object; send an array",
		`{"members":["ann"]}`:        "members: is a string; send an object",
		`{"members":[{"name":5}]}`:   "members.name: is a number; send a string",
		`{"members":[{"player":5}]}`: "members.player: is a number; send a string",
		`{"player":5}`:               "player: is a number; send a string",
		`{"own":5}`:                  "wrong",
		`{"own":null}`:               "own: has a value that it cannot have; send an object",
		`{"game":"` + strings.Repeat("x", MaxBody) + `"}`: "the body may have 65536 bytes",
	} {
		var o order
		w := httptest.NewRecorder()
		err := ReadJSON(w, httptest.NewRequest("POST", "/", strings.NewReader(body)), &o)
		var got string
		if err != nil {
			p := ProblemOf(err)
			got = p.Detail
			if len(p.Errors) == 1 && !strings.HasPrefix(got, p.Errors[0].Where+": ") || errors.Is(err, Internal) {
				t.Errorf("%.80s: %+v", body, p)
			}
		}
		if got != want {
			t.Errorf("%.80s:\n got %s\nwant %s", body, got, want)
		}
	}
}
