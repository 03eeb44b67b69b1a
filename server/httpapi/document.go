package httpapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Document is an answer that stays the same: it has a validator (ETag), so that
// who has it already is told so (304), and is compressed for clients that take
// it so. Plain or Gzip is given. It does not change.
type Document struct {
	MediaType string
	Cache     string // Cache-Control; empty is no-cache: kept, but asked about each time
	Plain     []byte
	Gzip      []byte
	Brotli    []byte // preferred, where it is worth its size in memory
	Tag       string // of the content, without quotes
}

// NewDocument makes a document of a text, compressed if that gains a tenth.
func NewDocument(mediaType string, text []byte) *Document {
	d := &Document{MediaType: mediaType, Plain: text, Tag: tagOf(text)}
	if z := zip(text); len(z) < len(text)*9/10 {
		d.Gzip = z
	}
	return d
}

// NewZipped makes a document of what gzip compressed. The few clients that do
// not take it so cost the time to decompress it.
func NewZipped(mediaType string, zipped []byte) *Document {
	return &Document{MediaType: mediaType, Gzip: zipped, Tag: tagOf(zipped)}
}

func tagOf(b []byte) string { return fmt.Sprintf("%.16x", sha256.Sum256(b)) }

// Answer is an [Endpoint] for GET.
func (d *Document) Answer(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", d.MediaType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if d.Cache != "" {
		h.Set("Cache-Control", d.Cache)
	}
	accept := r.Header.Get("Accept-Encoding")
	for _, form := range []struct {
		coding string
		text   []byte
	}{{"br", d.Brotli}, {"gzip", d.Gzip}} {
		if form.text == nil || !accepts(accept, form.coding) {
			continue
		}
		h.Set("Content-Encoding", form.coding)
		h.Set("Content-Length", strconv.Itoa(len(form.text)))
		h.Set("ETag", `"`+d.Tag+"-"+form.coding+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(form.text))
		return nil
	}
	plain := d.Plain
	if plain == nil {
		var err error
		if plain, err = unzip(d.Gzip); err != nil {
			return Internal.New("this file is damaged: build the program again")
		}
	}
	h.Set("ETag", `"`+d.Tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(plain))
	return nil
}

// Documented answers with a text that is made at the first request.
func Documented(mediaType string, text func() ([]byte, error)) Endpoint {
	made := sync.OnceValues(func() (*Document, error) {
		b, err := text()
		if err != nil {
			return nil, err
		}
		return NewDocument(mediaType, b), nil
	})
	return func(w http.ResponseWriter, r *http.Request) error {
		d, err := made()
		if err != nil {
			return err
		}
		return d.Answer(w, r)
	}
}

// accepts reports whether an Accept-Encoding header names a coding and does
// not forbid it.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if name = strings.TrimSpace(name); name != coding && name != "*" {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		v, err := strconv.ParseFloat(q, 64)
		return !given || err != nil || v > 0
	}
	return false
}

func unzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // a bytes.Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
