package match

import "time"

// Claims is what a verified token says about its bearer.
type Claims struct {
	Subject string    // the player, the same in every match
	Name    string    // what others see; may be empty
	Team    string    // the side to join; empty: the rules choose
	Match   string    // the only match that may be entered; empty: any
	ID      string    // names the token, so that it can be used once only; may be empty
	Expiry  time.Time // when the session must end unless a newer token comes
	JoinBy  time.Time // not zero: a join token, which takes a new seat once only, until then
	Service bool      // a back end, which may watch any match
}

// Owner is whom a match that begins for the bearer counts for; a back end's count for
// nobody.
func (c *Claims) Owner() string {
	if c.Service {
		return ""
	}
	return c.Subject
}

// Tokens checks tokens. It is safe for concurrent use.
type Tokens interface {
	// Verify returns what a token says or, if it is refused, a code that says why.
	Verify(token string) (c Claims, refusal string)
	// Revoked reports whether a player or a token is refused from now on, though
	// the token was verified.
	Revoked(subject, tokenID string) bool
}

// noTokens refuses every token.
type noTokens struct{}

func (noTokens) Verify(string) (Claims, string) { return Claims{}, "token-malformed" }
func (noTokens) Revoked(string, string) bool    { return false }

// Admission is what a connection asked for and its token allows.
type Admission struct {
	Claims   Claims
	Game     *Game  // nil: there is no such game
	Match    string // id; empty: any
	Spectate bool
}
