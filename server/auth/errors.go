package auth

// Error says why a token was refused. Its text is fixed, so it never holds the
// token or any part of it, and may be logged and shown. Compare with errors.Is
// against the variables below; two errors are the same if their codes are.
type Error struct {
	Code string // stable, for JSON bodies and metric labels, such as "token-expired"
	text string
}

// Error returns the refusal and its remedy in one sentence.
func (e *Error) Error() string { return "auth: " + e.text }

// Is reports whether target is an *Error of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// What Verifier.Verify refuses.
var (
	ErrMissing     = &Error{"token-missing", `no token: send "Authorization: Bearer", the query "token=", or the subprotocol "token."`}
	ErrMalformed   = &Error{"token-malformed", "malformed token: send a JWT as it was issued, in compact form"}
	ErrSignature   = &Error{"token-signature", "bad signature: the token was changed or signed with another key or algorithm than its key id says"}
	ErrExpired     = &Error{"token-expired", "token expired: get a new one"}
	ErrNotYetValid = &Error{"token-not-yet-valid", "token not valid yet: wait for its nbf time, or set the clocks of issuer and server"}
	ErrAudience    = &Error{"token-audience", "wrong audience: the token's aud is not this server's"}
	ErrIssuer      = &Error{"token-issuer", "wrong issuer: the token's iss is not the one this server trusts"}
	ErrRevoked     = &Error{"token-revoked", "token revoked: the operators of this server refuse it or its player for now"}
	ErrUnknownKey  = &Error{"token-unknown-key", "unknown key: the token's kid is missing or names no key of this server"}
)

// Shades of ErrMalformed.
var (
	errTooLarge = &Error{ErrMalformed.Code, "token over 2048 bytes: put less into it"}
	errNoExpiry = &Error{ErrMalformed.Code, "token without expiry: issue it with an exp claim"}
	errCritical = &Error{ErrMalformed.Code, "token with a crit header: this server knows no extensions"}
	errTooLate  = &Error{ErrMalformed.Code, "token with a time after the year 9999: exp, nbf and join_by are seconds of Unix time, not milliseconds"}
	errClaims   = &Error{ErrMalformed.Code, "unusable claims: sub needs 1 to 128 bytes, name at most 64, match, team and jti at most 128, all printable; a join token (join_by) needs match and jti"}
)
