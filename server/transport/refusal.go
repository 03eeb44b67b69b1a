package transport

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// appendTo appends the whole HTTP answer to b.
func (r *Refusal) appendTo(b []byte) []byte {
	status := r.Status
	if status < 400 || status > 599 {
		status = http.StatusInternalServerError
	}
	body := r.body()
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(append(b, ' '), http.StatusText(status)...)
	b = append(b, "\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, "\r\n"...)
	for name, values := range r.Header {
		for _, v := range values {
			b = append(append(b, name...), ": "...)
			b = append(append(b, v...), "\r\n"...)
		}
	}
	b = append(b, "\r\n"...)
	return append(b, body...)
}

func (r *Refusal) body() []byte {
	var doc struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	doc.Error.Code, doc.Error.Message = r.Code, r.Message
	body, _ := json.Marshal(doc) // two strings cannot fail
	return append(body, '\n')
}

// capAnswer is what a connection over a cap is told, as well as it goes.
var capAnswer = (&Refusal{Status: http.StatusServiceUnavailable, Code: "connection_cap",
	Message: "too many connections, in total or from this address: close some or try again later"}).appendTo(nil)
