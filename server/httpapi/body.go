package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxBody bounds the body of a request, in bytes.
const MaxBody = 64 << 10

// ReadJSON reads the body, one JSON object, into the struct that v points to.
// An empty body is an empty object. It returns a [BadJSON] or [BodyTooLarge]
// that names the field which is wrong and what is expected; a [Problem] that an
// UnmarshalJSON of v returns is passed on.
func ReadJSON(w http.ResponseWriter, r *http.Request, v any) error {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
			return BodyTooLarge.New("the body may have %d bytes", MaxBody)
		}
		return BadJSON.New("the body could not be read to its end: send it again")
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return nil
	}
	if text[0] != '{' {
		return BadJSON.New("the body is not a JSON object: send one object, {…}")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return badBody(err, text, reflect.TypeOf(v).Elem())
	}
	if d.InputOffset() != int64(len(text)) {
		return BadJSON.New("something follows the JSON object: send one object only")
	}
	return nil
}

// badBody says what is wrong with a body that encoding/json refused for a value
// of the type.
func badBody(err error, text []byte, of reflect.Type) error {
	var known *Problem
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &kind) && kind.Field != "":
		return BadJSON.At(fieldPath(of, kind.Field), "is "+article(kind.Value), "send "+expected(kind.Type))
	case errors.As(err, &syntax):
		return BadJSON.New("the body is not JSON, at byte %d: %s; NaN and infinities are not JSON", syntax.Offset, syntax.Error())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return BadJSON.New("the body is not JSON: it ends too early")
	}
	if quoted, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name, _ := strconv.Unquote(quoted)
		return BadJSON.At(fmt.Sprintf("%.64s", name), "there is no such field", "leave it out, or correct its name")
	}
	// A type with an UnmarshalJSON of its own refused its value, and
	// encoding/json does not say where.
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(text, &fields) // it has passed as an object
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if raw, sent := fields[name]; sent && json.Unmarshal(raw, reflect.New(f.Type).Interface()) != nil {
			return BadJSON.At(name, "has a value that it cannot have", "send "+expected(f.Type))
		}
	}
	return BadJSON.New("a value of the body is not of the documented form")
}

// fieldPath leaves out of a path what is not JSON: the names of embedded
// structs, which encoding/json puts there.
func fieldPath(of reflect.Type, path string) string {
	names := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(names, func(name string) bool {
		f, ok := of.FieldByName(name)
		return ok && f.Anonymous && f.Tag.Get("json") == ""
	}), ".")
}

// article makes words of what encoding/json calls a value.
func article(value string) string {
	switch {
	case value == "array" || value == "object":
		return "an " + value
	case value == "bool":
		return "a boolean"
	case strings.HasPrefix(value, "number "):
		return "the " + value
	}
	return "a " + value
}

// expected says which JSON a Go type is read from.
func expected(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return expected(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number from 0"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Map, reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return `a time such as "2030-01-31T12:00:00Z"`
		}
		return "an object"
	}
	return "what the API documents"
}
