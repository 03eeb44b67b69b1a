package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// Answer writes a body as JSON, not to be cached.
func Answer(w http.ResponseWriter, status int, body any) {
	text, err := Marshal(body)
	if err != nil { // a bug: answers are made of what JSON knows
		WriteError(w, err)
		return
	}
	send(w, status, "application/json", text)
}

// Marshal returns JSON and a line break. Unlike json.Marshal it leaves & as it
// is: the addresses of seats are copied from terminals.
func Marshal(body any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(body)
	return b.Bytes(), err
}

func send(w http.ResponseWriter, status int, mediaType string, text []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client is gone if this fails
}
