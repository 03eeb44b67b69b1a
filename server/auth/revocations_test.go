package auth

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRevocations(t *testing.T) {
	var r Revocations
	if r.Refuses(noon, "ann", "t1") || r.Remove("x") || len(r.List(noon)) != 0 {
		t.Error("the zero value refuses somebody")
	}
	ann, err := r.Add(noon, Revocation{Subject: "ann", Until: noon.Add(time.Hour)})
	if err != nil || ann.ID == "" {
		t.Fatalf("%+v, %v", ann, err)
	}
	token, err := r.Add(noon, Revocation{TokenID: "t1"})
	if err != nil || !token.Until.Equal(noon.Add(DefaultRevocation)) {
		t.Fatalf("%+v, %v", token, err)
	}
	for _, row := range []struct {
		at      time.Duration
		subject string
		token   string
		want    bool
	}{
		{0, "ann", "", true}, {0, "ann", "t2", true}, {0, "bob", "t1", true}, {0, "bob", "t2", false}, {0, "bob", "", false},
		{0, "t1", "ann", false}, {time.Hour, "ann", "", false}, {time.Hour, "bob", "t1", true}, {DefaultRevocation, "bob", "t1", false},
	} {
		if got := r.Refuses(noon.Add(row.at), row.subject, row.token); got != row.want {
			t.Errorf("after %v, %q with token %q: %v", row.at, row.subject, row.token, got)
		}
	}
	again, err := r.Add(noon, Revocation{Subject: "ann", Until: noon.Add(2 * time.Hour)})
	if err != nil || again.ID != ann.ID || r.Len() != 2 {
		t.Errorf("a second one of ann: %+v, %v, %d in force", again, err, r.Len())
	}
	if list := r.List(noon); len(list) != 2 || list[0] != again || list[1] != token {
		t.Errorf("list %+v", list)
	}
	if !r.Remove(ann.ID) || r.Remove(ann.ID) || r.Refuses(noon, "ann", "") || !r.Refuses(noon, "ann", "t1") {
		t.Error("after removing ann's, it is not just gone")
	}
	if list := r.List(noon.Add(25 * time.Hour)); len(list) != 0 || r.Len() != 0 {
		t.Errorf("expired ones are kept: %+v", list)
	}
}

func TestRevocationsRefuse(t *testing.T) {
	var r Revocations
	for name, v := range map[string]Revocation{
		"nobody":      {},
		"both":        {Subject: "ann", TokenID: "t1"},
		"long":        {Subject: strings.Repeat("a", maxSubject+1)},
		"a newline":   {Subject: "a\nb"},
		"over":        {Subject: "ann", Until: noon},
		"for a while": {Subject: "ann", Until: noon.Add(LongestRevocation + 1)},
	} {
		if _, err := r.Add(noon, v); !errors.Is(err, ErrRevocation) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range MaxRevocations {
		if _, err := r.Add(noon, Revocation{Subject: fmt.Sprint("p", i), Until: noon.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Add(noon, Revocation{Subject: "more"}); !errors.Is(err, ErrRevocationsFull) {
		t.Errorf("beyond the bound: %v", err)
	}
	if _, err := r.Add(noon, Revocation{Subject: "p7", Until: noon.Add(time.Minute)}); err != nil {
		t.Errorf("replacing one when full: %v", err)
	}
	if _, err := r.Add(noon.Add(time.Hour), Revocation{Subject: "more"}); err != nil || r.Len() != 1 {
		t.Errorf("when the others are over: %v, %d in force", err, r.Len())
	}
}
