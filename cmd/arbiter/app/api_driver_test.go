package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"arbiter/cmd/arbiter/api"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// apiDriver makes requests and holds each answer against the API's document.
type apiDriver struct {
	t        *testing.T
	doc      map[string]any
	schemas  *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
	client   *http.Client
	produced map[string]int // by "GET /v1/games 200"
}

const documentURL = "http://arbiter/openapi.json"

func newAPIDriver(t *testing.T) *apiDriver {
	t.Helper()
	text, err := api.JSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &apiDriver{
		t: t, doc: doc.(map[string]any), schemas: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}, produced: map[string]int{},
	}
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource(documentURL, doc); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.client.CloseIdleConnections)
	return d
}

// schema compiles the part of the document at a pointer.
func (d *apiDriver) schema(pointer string) *jsonschema.Schema {
	d.t.Helper()
	s := d.compiled[pointer]
	if s == nil {
		var err error
		if s, err = d.schemas.Compile(documentURL + "#" + pointer); err != nil {
			d.t.Fatal(err)
		}
		d.compiled[pointer] = s
	}
	return s
}

// at is the document's part at names, with references followed.
func (d *apiDriver) at(names ...string) (part any, pointer string) {
	part = d.doc
	for _, name := range names {
		m, _ := part.(map[string]any)
		if part = m[name]; part == nil {
			return nil, ""
		}
		pointer += "/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
		if m, ok := part.(map[string]any); ok {
			if ref, ok := m["$ref"].(string); ok {
				part, pointer = d.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			}
		}
	}
	return part, pointer
}

// call is a request: path is a template of the document, in which {…} is
// replaced by id.
type call struct {
	method, path, id, query string
	body                    string
	token                   string
	header                  []string // "Name: value"
}

// seen is an answer.
type seen struct {
	status int
	header http.Header
	text   string
	doc    map[string]any
}

func (s seen) str(path ...any) string {
	var v any = s.doc
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return ""
			}
			v = l[step]
		}
	}
	text, _ := v.(string)
	return text
}

func (d *apiDriver) send(s *served, c call) *http.Response {
	d.t.Helper()
	path := c.path
	if i, j := strings.Index(path, "{"), strings.Index(path, "}"); i >= 0 {
		path = path[:i] + c.id + path[j+1:]
	}
	if c.query != "" {
		path += "?" + c.query
	}
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	d.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, c.method, "http://"+s.addr+path, strings.NewReader(c.body))
	if err != nil {
		d.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for _, line := range c.header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	answer, err := d.client.Do(r)
	if err != nil {
		d.t.Fatalf("%s %s: %v", c.method, path, err)
	}
	return answer
}

// do makes a request, checks what is answered, and fails the test unless the
// status is that one.
func (d *apiDriver) do(s *served, want int, c call) seen {
	d.t.Helper()
	got := d.ask(s, c)
	if got.status != want {
		d.t.Errorf("%s %s (%s, %.100s): %d, want %d: %s", c.method, c.path, c.id, c.body, got.status, want, got.text)
	}
	return got
}

func (d *apiDriver) ask(s *served, c call) seen {
	d.t.Helper()
	answer := d.send(s, c)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	got := seen{status: answer.StatusCode, header: answer.Header, text: string(text)}
	d.check(c, &got)
	return got
}

// check holds an answer against the document.
func (d *apiDriver) check(c call, got *seen) {
	d.t.Helper()
	status := strconv.Itoa(got.status)
	name := c.method + " " + c.path + " " + status
	part, pointer := d.at("paths", c.path, strings.ToLower(c.method), "responses", status)
	response, ok := part.(map[string]any)
	if !ok {
		d.t.Errorf("%s is not documented: %s", name, got.text)
		return
	}
	d.produced[name]++
	headers, _ := response["headers"].(map[string]any)
	for header := range headers {
		if got.header.Get(header) == "" {
			d.t.Errorf("%s lacks the header %s", name, header)
		}
	}
	kind, _, _ := mime.ParseMediaType(got.header.Get("Content-Type"))
	content, _ := response["content"].(map[string]any)
	if len(content) == 0 {
		if got.text != "" {
			d.t.Errorf("%s has a body: %s", name, got.text)
		}
		return
	}
	if content[kind] == nil {
		d.t.Errorf("%s is %q: %.200s", name, kind, got.text)
		return
	}
	escaped := strings.ReplaceAll(kind, "/", "~1")
	switch kind {
	case "application/json", "application/problem+json":
		d.valid(name, d.schema(pointer+"/content/"+escaped+"/schema"), got.text)
		if err := json.Unmarshal([]byte(got.text), &got.doc); err != nil {
			d.t.Errorf("%s: %v", name, err)
		}
		if kind == "application/problem+json" && got.doc["status"] != float64(got.status) {
			d.t.Errorf("%s says status %v", name, got.doc["status"])
		}
	case "text/event-stream":
		for line := range strings.SplitSeq(got.text, "\n") {
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				d.valid(name, d.schema(pointer+"/content/"+escaped+"/schema/contentSchema"), data)
			}
		}
	}
}

func (d *apiDriver) valid(name string, s *jsonschema.Schema, text string) {
	d.t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		d.t.Errorf("%s: %v\n%s", name, err, text)
	}
}

// follow reads a stream until it has had so many events, and ends it.
func (d *apiDriver) follow(s *served, c call, events int) seen {
	d.t.Helper()
	answer := d.send(s, c)
	defer answer.Body.Close()
	got := seen{status: answer.StatusCode, header: answer.Header}
	lines := bufio.NewScanner(answer.Body)
	for events > 0 && lines.Scan() {
		got.text += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "data: ") {
			events--
		}
	}
	if events > 0 {
		d.t.Errorf("%s ended: %v\n%s", c.path, lines.Err(), got.text)
	}
	d.check(c, &got)
	return got
}

// missing are the documented answers that were not produced.
func (d *apiDriver) missing() []string {
	var list []string
	paths, _ := d.at("paths")
	for path := range paths.(map[string]any) {
		for _, method := range []string{"get", "post", "put", "delete", "patch"} {
			responses, _ := d.at("paths", path, method, "responses")
			all, _ := responses.(map[string]any)
			for status := range all {
				if name := fmt.Sprintf("%s %s %s", strings.ToUpper(method), path, status); d.produced[name] == 0 {
					list = append(list, name)
				}
			}
		}
	}
	slices.Sort(list)
	return list
}
