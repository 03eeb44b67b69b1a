package bots

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// MatchOf is the match that a token is for; empty if it is for any, or can't be
// read. Only the server can check the token.
func MatchOf(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Match string }
	if err != nil || json.Unmarshal(text, &claims) != nil {
		return ""
	}
	return claims.Match
}
