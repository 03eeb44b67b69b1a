package auth

import (
	"net/url"
	"strings"
)

// ProtocolPrefix begins the entry of Sec-WebSocket-Protocol that carries a
// token, "token.<jwt>": browsers can set no other header of the upgrade. The
// server must not choose that entry in its answer, which would echo the token.
const ProtocolPrefix = "token."

// FromRequest finds the token of a request: in the Authorization header's value
// ("Bearer <jwt>"), in the raw query ("token=<jwt>"), or in an entry of
// Sec-WebSocket-Protocol ("token.<jwt>"), the first of these that holds one.
// It returns "" if none does, which Verify refuses as ErrMissing.
func FromRequest(authorization, query string, protocols []string) string {
	if scheme, token, ok := strings.Cut(strings.TrimSpace(authorization), " "); ok && strings.EqualFold(scheme, "Bearer") {
		if token = strings.TrimSpace(token); token != "" {
			return token
		}
	}
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if token, ok := strings.CutPrefix(pair, "token="); ok && token != "" {
			return unescaped(token)
		}
	}
	for _, entry := range protocols {
		if token, ok := strings.CutPrefix(entry, ProtocolPrefix); ok && token != "" {
			return token
		}
	}
	return ""
}

// unescaped returns s as it is if its escapes are broken; Verify refuses it then.
func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
