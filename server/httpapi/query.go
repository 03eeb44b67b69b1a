package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of what requests carry besides their body.
const (
	MaxWait           = 60 * time.Second // of a long poll
	maxIdempotencyKey = 128              // bytes
)

// BadValue is a [BadQuery] about a parameter of the query or a header. It says
// what it must be, such as "a number from 1 to 200".
func BadValue(name, is, must string) error {
	p := BadQuery.New("%s is %.32q and must be %s", name, is, must)
	p.Errors = []FieldError{{name, "is not " + must, "correct it, or leave it out"}}
	return p
}

// IntRange is what a number of the query may be.
type IntRange struct{ Least, Most, Default int }

// QueryInt reads a whole number of the query. Without the parameter it is the
// default.
func QueryInt(r *http.Request, name string, in IntRange) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return in.Default, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < in.Least || n > in.Most {
		return 0, BadValue(name, text, fmt.Sprintf("a number from %d to %d", in.Least, in.Most))
	}
	return n, nil
}

// LongPoll is a request that waits for a change: for a version after Version,
// for at most Wait, which is 0 if it does not wait.
type LongPoll struct {
	Wait    time.Duration
	Version int
}

// ReadLongPoll reads ?wait=, 0 to 60 seconds, and ?version=. Without a version
// the caller has seen the present one.
func ReadLongPoll(r *http.Request, present int) (LongPoll, error) {
	q, poll := r.URL.Query(), LongPoll{Version: present}
	if text := q.Get("wait"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= MaxWait.Seconds()) {
			return poll, BadValue("wait", text, "a number of seconds, 0 to 60")
		}
		poll.Wait = time.Duration(n * float64(time.Second))
	}
	if text := q.Get("version"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return poll, BadValue("version", text, "the version of the last answer")
		}
		poll.Version = n
	}
	return poll, nil
}

// IdempotencyKey reads the header Idempotency-Key, by which a request that is
// repeated is answered like the first one. It is empty if the client sent none.
func IdempotencyKey(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > maxIdempotencyKey || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return "", BadIdempotencyKey.New("%.32q: send 1 to %d bytes of printable ASCII", key, maxIdempotencyKey)
	}
	return key, nil
}
