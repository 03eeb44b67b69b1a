package auth

import (
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
)

// Sizes of a token and its claims, in bytes.
const (
	MaxToken   = 2048
	maxSubject = 128
	maxName    = 64
	maxOther   = 128 // match, team, jti
)

// Claims is what a verified token says.
type Claims struct {
	Subject string    // sub: the player, the same in every match; 1 to 128 bytes, printable
	Name    string    // name: what others see, at most 64 bytes; may be empty
	Expiry  time.Time // exp: when the session must end unless refreshed; at most the end of the year 9999
	ID      string    // jti: names this token, so that it can be used once only; may be empty
	Match   string    // match: the only match that may be entered; empty = any
	Team    string    // team: the side to join in that match; empty = the rules choose
	Admin   bool      // admin: may use the operators' commands
	Service bool      // service: a back end, which may act for any player

	// JoinBy makes it a join token, which takes a new seat once only, until then;
	// later it serves for coming back to that seat. Zero: not a join token.
	// As join_by, in whole seconds of Unix time; it needs ID and Match.
	JoinBy time.Time
}

// payload is Claims as the token spells them.
type payload struct {
	jwt.RegisteredClaims
	Name  string `json:"name,omitempty"`
	Match string `json:"match,omitempty"`
	Team  string `json:"team,omitempty"`
	Admin bool   `json:"admin,omitempty"`

	Service bool             `json:"service,omitempty"`
	JoinBy  *jwt.NumericDate `json:"join_by,omitempty"`
}

func (p *payload) claims() Claims {
	var joinBy time.Time
	if p.JoinBy != nil {
		joinBy = p.JoinBy.Time
	}
	return Claims{
		Subject: p.Subject,
		Name:    p.Name,
		Expiry:  p.ExpiresAt.Time,
		ID:      p.ID,
		Match:   p.Match,
		Team:    p.Team,
		Admin:   p.Admin,
		Service: p.Service,
		JoinBy:  joinBy,
	}
}

func newPayload(c Claims, audience string, issued time.Time) *payload {
	var joinBy *jwt.NumericDate
	if !c.JoinBy.IsZero() {
		joinBy = jwt.NewNumericDate(c.JoinBy)
	}
	return &payload{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   c.Subject,
			Audience:  jwt.ClaimStrings{audience},
			ExpiresAt: jwt.NewNumericDate(c.Expiry),
			IssuedAt:  jwt.NewNumericDate(issued),
			ID:        c.ID,
		},
		Name:  c.Name,
		Match: c.Match,
		Team:  c.Team,
		Admin: c.Admin,

		Service: c.Service,
		JoinBy:  joinBy,
	}
}

// check refuses what the rest of the server should not have to carry: these
// strings become map keys, log fields and names on other players' screens.
func (c *Claims) check() error {
	if c.Subject == "" || !printable(c.Subject, maxSubject) || !printable(c.Name, maxName) ||
		!printable(c.Match, maxOther) || !printable(c.Team, maxOther) || !printable(c.ID, maxOther) {
		return errClaims
	}
	if tooLate(c.Expiry) || tooLate(c.JoinBy) {
		return errTooLate
	}
	if !c.JoinBy.IsZero() && (c.ID == "" || c.Match == "") {
		return errClaims
	}
	return nil
}

// tooLate reports whether a time is later than any that is meant: milliseconds that
// are taken for seconds make one some 50,000 years ahead, and so tokens that never
// end. Those that are meant never to end often have exp 9999999999 (the year 2286) or
// the last second of the year 9999, which is allowed.
func tooLate(t time.Time) bool { return t.Unix() > lastSecond }

// lastSecond is the last one of the year 9999, in Unix time.
const lastSecond = 253402300799

func printable(s string, most int) bool {
	if len(s) > most || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		// The two joiners are invisible but belong to Persian, Hindi and emoji;
		// other format characters turn the text around or hide it.
		if !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' {
			return false
		}
	}
	return true
}
