package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	maxAttempts = 12
	firstDelay  = time.Second
	lastDelay   = 5 * time.Minute
)

// delivery is one body on its way. The hook's loop owns it.
type delivery struct {
	id       string
	body     []byte
	attempts int
	due      time.Time
}

// result is what came of one attempt. err nil: it was taken.
type result struct {
	delivery *delivery
	err      error
	refused  bool          // trying again is no use
	after    time.Duration // what Retry-After asked for
}

// attempt makes one request.
func (h *Hook) attempt(d *delivery) result {
	r := result{delivery: d}
	ctx, cancel := context.WithTimeout(h.calls, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.config.URL, bytes.NewReader(d.body))
	if err != nil {
		r.err, r.refused = withoutURL(err), true
		return r
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "arbiter")
	req.Header.Set("Arbiter-Delivery", d.id)
	req.Header.Set("Arbiter-Timestamp", stamp)
	req.Header.Set("Arbiter-Signature", "sha256="+sign(h.config.Secret, stamp, d.body))
	resp, err := h.config.Client.Do(req)
	if err != nil {
		r.err = withoutURL(err)
		return r
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 4096) // so that the connection serves again
	_ = resp.Body.Close()
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		return r
	}
	r.err = fmt.Errorf("status %d", resp.StatusCode)
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
	default:
		r.refused = resp.StatusCode < 500
	}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		r.after = time.Duration(min(max(seconds, 0), int(lastDelay/time.Second))) * time.Second
	}
	return r
}

// withoutURL is the cause of a failed request. The URL in it is left out: its
// path or query may be the receiver's secret.
func withoutURL(err error) error {
	if at := (*url.Error)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}

// sign is the HMAC of what the headers document.
func sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp))
	mac.Write([]byte("."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// delay is how long to wait after so many failed attempts: half of it is
// random, so that those that failed together don't come back together.
func delay(attempts int) time.Duration {
	d := min(firstDelay<<min(attempts-1, 20), lastDelay)
	return d/2 + rand.N(d/2+1) // #nosec G404 -- spreads retries in time, hides nothing
}
