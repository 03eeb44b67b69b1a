// Package auth decides who a player is: it verifies the signed token (a JWT)
// that a request brings, and mints such tokens for development and for guests.
//
// A token is accepted only if it names a key of the server (kid), is signed
// with that key's own algorithm (HS256, EdDSA, ES256 or RS256), is meant for
// this audience and, if one is set, from this issuer, has an expiry, is of now
// and not revoked. What the token says about its own algorithm never chooses how
// it is verified, so neither "none" nor a public key used as a shared secret gets
// anybody in.
//
// The model:
//
//	Keys         the keys: fixed ones, a file's, a JWK set's
//	Verifier     token → Claims, or an *Error with a stable Code
//	Signer       Claims → token
//	Revocations  players and tokens that are refused for a while
//
// Only [Keys.Watch] waits, reads files and asks servers, on its caller's
// goroutine. Verifying never does: a token with an unknown key id is refused at
// once, and the JWK set is fetched again in the background if it is time to. A
// key that an issuer takes out of its set verifies no further token; sessions
// that it let in live until their token expires or is revoked.
//
// Duties of the caller: run [Keys.Watch]; never log a token or the query it came
// in (the errors of this package never hold one); close the session at
// Claims.Expiry; where a token may be used once only, remember Claims.ID until
// Claims.Expiry.
package auth
