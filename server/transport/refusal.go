package transport

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"arbiter/server/httpapi"
)

func (r *Refusal) status() int {
	if r.Status < 400 || r.Status > 599 {
		return http.StatusInternalServerError
	}
	return r.Status
}

// appendTo appends the whole HTTP answer to b.
func (r *Refusal) appendTo(b []byte) []byte {
	status, body := r.status(), r.body()
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(append(b, ' '), http.StatusText(status)...)
	b = append(b, "\r\nContent-Type: "+httpapi.MediaType+"\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, "\r\n"...)
	for name, values := range r.Header {
		for _, v := range values {
			b = append(append(b, name...), ": "...)
			b = append(append(b, v...), "\r\n"...)
		}
	}
	b = append(b, "\r\n"...)
	if r.bodiless {
		return b
	}
	return append(b, body...)
}

// body is the document of a problem.
func (r *Refusal) body() []byte {
	code := strings.ReplaceAll(r.Code, "-", "_")
	p := httpapi.Problem{Type: httpapi.Type{Code: code, Status: r.status(), Title: cmp.Or(r.Title, http.StatusText(r.status()))}, Detail: r.Message}
	if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p.JSON()
}

// capRefusal is what a connection over a cap is told.
func capRefusal(full string) *Refusal {
	r := &Refusal{Status: http.StatusServiceUnavailable, Code: "connection_cap",
		Message: "too many connections, in total or from this address: close some or try again later",
		Header:  http.Header{"Retry-After": {"5"}}}
	switch full {
	case capRate:
		r.Code, r.Message = "connection_rate", "too many new connections per second: try again in a moment"
		r.Header.Set("Retry-After", "1")
	case capFrom:
		r.Status, r.Code = http.StatusTooManyRequests, "address_rate"
		r.Message = "too many new connections per second from this address: wait longer between attempts"
		r.Header.Set("Retry-After", "1")
	}
	return r
}

// capAnswers are written to connections that a cap refuses, without waiting.
var capAnswers = map[string][]byte{
	capConns:   capRefusal(capConns).appendTo(nil),
	capAddress: capRefusal(capAddress).appendTo(nil),
	capRate:    capRefusal(capRate).appendTo(nil),
	capFrom:    capRefusal(capFrom).appendTo(nil),
}

// capAnswer is empty on a TLS port: there, to say anything takes the handshake
// that is to be spared.
func (c *core) capAnswer(full string) []byte {
	if c.tls != nil {
		return nil
	}
	return capAnswers[full]
}
