package server

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"arbiter/game"
)

// maxBody bounds the body of a request, in bytes.
const maxBody = 64 << 10

// readJSON reads the body into v. An empty body is an empty object.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == io.EOF {
		return nil
	}
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("something follows the JSON object")
		}
	}
	if err != nil {
		return bodyProblem(err)
	}
	return nil
}

// bodyProblem says where a body is wrong, as well as encoding/json tells.
func bodyProblem(err error) error {
	var long *http.MaxBytesError
	var kind *json.UnmarshalTypeError
	var known *Problem
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &long):
		return problem(codeTooLarge, "the body may have %d bytes", maxBody)
	}
	p := problem(codeBadJSON, "the body must be one JSON object: %s", strings.TrimPrefix(err.Error(), "json: "))
	if errors.As(err, &kind) {
		p.Errors = []ProblemPart{{Where: cmp.Or(kind.Field, "body"), Detail: "is of type " + kind.Value, Remedy: "give what the API documents"}}
	} else if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		p.Errors = []ProblemPart{{Where: strings.Trim(name, `"`), Detail: "there is no such field", Remedy: "leave it out, or correct its name"}}
	}
	return p
}

// parameters are a JSON object of numbers and texts.
type parameters game.Attributes

// UnmarshalJSON implements [json.Unmarshaler]. It brings them into order.
func (p *parameters) UnmarshalJSON(b []byte) error {
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	for name, value := range all {
		a := game.Attribute{Name: name}
		switch v := value.(type) {
		case float64:
			a.Number = v
		case string:
			a.Text = v
		default:
			p := problem(codeBadJSON, "parameter %.64q is neither a number nor a text: give one of them", name)
			p.Errors = []ProblemPart{{Where: "parameters." + name, Detail: "is neither a number nor a text", Remedy: "give one of them"}}
			return p
		}
		*p = append(*p, a)
	}
	slices.SortFunc(*p, func(a, b game.Attribute) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// queryNumber reads a number of the query, or returns what is used without.
func queryNumber(r *http.Request, name string, least, most, without int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return without, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badQuery(name, text, "a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
	}
	return n, nil
}

func badQuery(name, is, want string) error {
	p := problem(codeBadQuery, "%s is %.32q and must be %s", name, is, want)
	p.Errors = []ProblemPart{{Where: name, Detail: "is not " + want, Remedy: "correct it, or leave it out"}}
	return p
}
