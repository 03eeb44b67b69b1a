// Package auth decides who a player is: it verifies the signed token (a JWT)
// that a request brings, and mints such tokens for development and for guests.
//
// A token is accepted only if it names a key of the server (kid), is signed
// with that key's own algorithm (HS256 or EdDSA), is meant for this audience,
// has an expiry, and is of now. What the token says about its own algorithm
// never chooses how it is verified, so neither "none" nor a public key used as
// a shared secret gets anybody in.
//
// The model is three values, none of which reads a clock or starts a goroutine:
//
//	Keys      the keys, from a file, from strings, or generated
//	Verifier  token → Claims, or an *Error with a stable Code
//	Signer    Claims → token
//
// Duties of the caller: never log a token or the query it came in (the errors
// of this package never hold one); close the session at Claims.Expiry; where a
// token must serve once only, remember Claims.ID until Claims.Expiry.
package auth
