package client

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode"
)

// tokens makes tokens and notes when it was asked.
type tokens struct {
	asked []time.Duration // since the host began
	fail  func(n int) error
}

func (k *tokens) get(h *host) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		k.asked = append(k.asked, time.Since(h.start))
		n := len(k.asked)
		if k.fail != nil {
			if err := k.fail(n); err != nil {
				return "", err
			}
		}
		return fmt.Sprintf("token.%d", n), nil
	}
}

// expiring makes the host's sessions last that long, and returns what it was
// sent and when sessions end.
func (h *host) expiring(left time.Duration, judge func(n int) string) (got *[]string, ends *time.Time) {
	got, ends = new([]string), new(time.Time)
	*ends = time.Now().Add(left)
	h.match.TokenLeft = left
	h.match.Renew = func(token string) netcode.Renewed {
		*got = append(*got, token)
		if why := judge(len(*got)); why != "" {
			return netcode.Renewed{Left: time.Until(*ends), Refusal: why}
		}
		*ends = time.Now().Add(left)
		return netcode.Renewed{Left: left}
	}
	return got, ends
}

func accept(int) string { return "" }

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		const left = 10 * time.Second
		got, ends := h.expiring(left, accept)
		var k tokens
		cfg := h.config()
		cfg.GetToken = k.get(h)
		c := h.join(cfg)
		joined := time.Since(h.start)
		play(t, c, 30*60)
		h.mu.Lock()
		if n := len(*got); n < 6 || n > 9 {
			t.Errorf("%d tokens in a minute for sessions of 10 s, want 6 to 9", n)
		}
		before := joined
		for i, at := range k.asked[1:] {
			if wait := at - before; wait < left*7/10-time.Second/10 || wait > left*8/10+time.Second/10 {
				t.Errorf("token %d was asked for after %v, want 70 to 80 %% of 10 s", i+2, wait)
			}
			before = at
		}
		if (*got)[0] != "token.2" || h.tokens[0] != "Bearer token.1" || len(h.tokens) != 1 {
			t.Errorf("connected with %v, renewed with %v; want one connection, then the next tokens", h.tokens, *got)
		}
		if time.Now().After(*ends) {
			t.Error("the session was over in between")
		}
		h.mu.Unlock()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestRenewalIsTriedAgain(t *testing.T) {
	broken := errors.New("no network")
	for name, scene := range map[string]struct {
		fail  func(n int) error
		judge func(n int) string
	}{
		"GetToken fails":     {func(n int) error { return map[bool]error{true: broken}[n > 1 && n < 4] }, accept},
		"the server refuses": {nil, func(n int) string { return map[bool]string{true: "token-audience"}[n < 3] }},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, h *host) {
				_, ends := h.expiring(20*time.Second, scene.judge)
				k := tokens{fail: scene.fail}
				cfg := h.config()
				cfg.GetToken = k.get(h)
				c := h.join(cfg)
				play(t, c, 30*22)
				h.mu.Lock()
				if n := len(k.asked); n < 4 || n > 5 || time.Now().After(*ends) {
					t.Errorf("asked %d times, the session ends in %v; want two failures, then a success", n, time.Until(*ends))
				}
				h.mu.Unlock()
				_ = c.Close()
			})
		})
	}
}

func TestExpiredTokenIsReplacedAndTheSeatResumed(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		var k tokens
		cfg := h.config()
		cfg.GetToken = k.get(h) // and the server says nothing of the token, as an older one
		c := h.join(cfg)
		play(t, c, 30)
		seat := c.Player()
		h.end(closeFrame(netcode.CodeTokenExpired))
		play(t, c, 30)
		h.mu.Lock()
		if len(h.tokens) != 2 || h.tokens[1] != "Bearer token.2" || len(h.match.Seats) != 1 {
			t.Errorf("connected with %v, %d seats; want a second token for the same seat", h.tokens, len(h.match.Seats))
		}
		h.mu.Unlock()
		c.Do(func() {
			if c.Player() != seat || c.Seat().Stats().Resumes != 1 {
				t.Errorf("player %d after %d resumes, want %d after 1", c.Player(), c.Seat().Stats().Resumes, seat)
			}
		})
		_ = c.Close()
	})
}

func TestExpiredTokenIsTheEndWithoutAnother(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		c := h.join(h.config())
		play(t, c, 10)
		h.end(closeFrame(netcode.CodeTokenExpired))
		<-c.Done()
		var closed *CloseError
		if err := c.Err(); !errors.As(err, &closed) || closed.Code != netcode.CodeTokenExpired {
			t.Errorf("ended with %v, want token-expired", err)
		}
	})
}

func TestGetTokenDecidesAboutTheFirstConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		broken := errors.New("signed out")
		cfg := h.config()
		cfg.GetToken = func(context.Context) (string, error) { return "", broken }
		if _, err := Dial(t.Context(), arena.Game, cfg); !errors.Is(err, broken) {
			t.Errorf("%v, want what GetToken said", err)
		}
	})
}

func TestCloseEndsGetToken(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.expiring(time.Second, accept)
		asked := make(chan struct{})
		first := true
		cfg := h.config()
		cfg.GetToken = func(ctx context.Context) (string, error) {
			if first {
				first = false
				return "a", nil
			}
			close(asked)
			<-ctx.Done()
			return "", ctx.Err()
		}
		c := h.join(cfg)
		<-asked
		began := time.Now()
		if err := c.Close(); err != nil || time.Since(began) > closeTimeout {
			t.Errorf("closed after %v: %v", time.Since(began), err)
		}
	})
}
