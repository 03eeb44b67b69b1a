package transport

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
)

// headFacts are what the checks learn from a complete head.
type headFacts struct {
	websocket bool     // the request asks for a WebSocket, rightly or not
	origins   int      // Origin headers
	protocols []string // entries of Sec-WebSocket-Protocol, in order

	forwardedFor, forwardedBy []string // values of X-Forwarded-For and Forwarded, in order
}

// forwarded are the values of one of the headers that proxies write.
func (f *headFacts) forwarded(header string) []string {
	if header == Forwarded {
		return f.forwardedBy
	}
	return f.forwardedFor
}

// counts of the headers that must stand exactly once, and values to judge.
type headCounts struct {
	host, upgrade, connection, key, version, body int

	upgradeValue, connectionValue, keyValue, versionValue, hostValue []byte
}

// checkHead judges a complete request head, terminating empty line included.
// It does what ws.Upgrader leaves out: single headers, no body, a valid key, no
// folded lines. Heads that do not ask for a WebSocket are only checked for
// their line syntax and host; the rest is net/http's to judge.
func checkHead(head []byte) (facts headFacts, refusal *Refusal) {
	line, rest, _ := bytes.Cut(head, crlf)
	var n headCounts
	malformed := false
	for len(rest) > 0 {
		var field []byte
		field, rest, _ = bytes.Cut(rest, crlf)
		if len(field) == 0 {
			break
		}
		name, value, found := bytes.Cut(field, colon)
		if !found || !isToken(name) {
			malformed = true // also folded lines and spaces before the colon
			continue
		}
		n.add(name, bytes.Trim(value, " \t"), &facts)
	}
	if malformed {
		return facts, badHead("malformed_header", "a header line is not of the form name: value")
	}
	if !facts.websocket {
		if n.host != 1 && bytes.HasSuffix(line, []byte("HTTP/1.1")) { // net/http would answer in plain text
			return facts, badHead("host", "exactly one Host header is needed")
		}
		return facts, nil
	}
	if refusal = checkRequestLine(line); refusal == nil {
		refusal = n.check()
	}
	if refusal != nil {
		refusal.bodiless = bytes.HasPrefix(line, []byte("HEAD "))
	}
	return facts, refusal
}

var (
	crlf  = []byte("\r\n")
	colon = []byte(":")
)

func (n *headCounts) add(name, value []byte, facts *headFacts) {
	switch {
	case equalFold(name, "Host"):
		n.host++
		n.hostValue = value
	case equalFold(name, "Upgrade"):
		n.upgrade++
		n.upgradeValue = value
		facts.websocket = facts.websocket || hasToken(value, "websocket")
	case equalFold(name, "Connection"):
		n.connection++
		n.connectionValue = value
	case equalFold(name, "Origin"):
		facts.origins++
	case equalFold(name, XForwardedFor):
		facts.forwardedFor = append(facts.forwardedFor, string(value))
	case equalFold(name, Forwarded):
		facts.forwardedBy = append(facts.forwardedBy, string(value))
	case equalFold(name, "Content-Length"), equalFold(name, "Transfer-Encoding"):
		n.body++
	case len(name) > 14 && equalFold(name[:14], "Sec-WebSocket-"):
		facts.websocket = true
		switch {
		case equalFold(name[14:], "Key"):
			n.key++
			n.keyValue = value
		case equalFold(name[14:], "Version"):
			n.version++
			n.versionValue = value
		case equalFold(name[14:], "Protocol"):
			for entry := range strings.SplitSeq(string(value), ",") {
				if entry = strings.Trim(entry, " \t"); entry != "" {
					facts.protocols = append(facts.protocols, entry)
				}
			}
		}
	}
}

func checkRequestLine(line []byte) *Refusal {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	target, version, _ := bytes.Cut(rest, []byte(" "))
	switch {
	case len(version) != 8 || !bytes.HasPrefix(version, []byte("HTTP/")) || version[6] != '.':
		return badHead("malformed_request_line", "the request line is not of the form GET /path HTTP/1.1")
	case string(version) != "HTTP/1.1":
		return &Refusal{Status: http.StatusHTTPVersionNotSupported, Code: "http_version",
			Message: "a WebSocket needs HTTP/1.1; a proxy in between may speak an older version"}
	case string(method) != http.MethodGet:
		return &Refusal{Status: http.StatusMethodNotAllowed, Code: "method",
			Message: "a WebSocket is opened with GET", Header: http.Header{"Allow": {"GET"}}}
	case len(target) == 0 || target[0] != '/' || !visible(target) || bytes.IndexByte(target, '#') >= 0:
		return badHead("malformed_target", "the request target must be a path that begins with a slash, in ASCII, without a fragment")
	}
	return nil
}

func (n *headCounts) check() *Refusal {
	var key [18]byte
	size := 0
	if len(n.keyValue) == 24 {
		size, _ = base64.StdEncoding.Strict().Decode(key[:], n.keyValue)
	}
	switch {
	case n.host != 1 || len(n.hostValue) == 0 || !visible(n.hostValue):
		return badHead("host", "exactly one Host header is needed")
	case n.upgrade != 1 || !equalFold(n.upgradeValue, "websocket"):
		return badHead("upgrade", "exactly one header Upgrade: websocket is needed; a proxy in between may have removed it")
	case n.connection != 1 || !tokens(n.connectionValue) || !hasToken(n.connectionValue, "upgrade"):
		return badHead("connection", "exactly one header Connection: Upgrade is needed; a proxy in between may have removed it")
	case n.body > 0:
		return badHead("body", "a request for a WebSocket has no body: remove Content-Length and Transfer-Encoding")
	case n.version != 1 || len(n.versionValue) == 0:
		return badHead("version_missing", "exactly one header Sec-WebSocket-Version: 13 is needed")
	case string(n.versionValue) != "13":
		return &Refusal{Status: http.StatusUpgradeRequired, Code: "version",
			Message: "this server speaks WebSocket version 13 only",
			Header:  http.Header{"Sec-Websocket-Version": {"13"}, "Upgrade": {"websocket"}}}
	case n.key != 1 || size != 16:
		return badHead("key", "exactly one Sec-WebSocket-Key is needed, the base64 form of 16 bytes")
	}
	return nil
}

func badHead(code, message string) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: code, Message: message}
}

// hasToken reports whether a comma-separated list contains the token.
func hasToken(list []byte, token string) bool {
	for entry := range bytes.SplitSeq(list, []byte(",")) {
		if equalFold(bytes.Trim(entry, " \t"), token) {
			return true
		}
	}
	return false
}

// tokens reports whether a comma-separated list holds tokens only. Where one
// begins a quoted string, others split the list elsewhere.
func tokens(list []byte) bool {
	for entry := range bytes.SplitSeq(list, []byte(",")) {
		if entry = bytes.Trim(entry, " \t"); len(entry) > 0 && !isToken(entry) {
			return false
		}
	}
	return true
}

// equalFold compares ASCII without regard to case; unlike bytes.EqualFold it
// takes no other characters for letters.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range len(s) {
		if lower(b[i]) != lower(s[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func visible(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
