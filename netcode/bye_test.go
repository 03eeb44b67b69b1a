package netcode

import (
	"strings"
	"testing"
)

var byeMessage = message[Bye]{
	kind:   KindBye,
	append: func(m Bye) []byte { return m.Append(nil) },
	parse:  ParseBye,
	fields: func(m Bye) any { return map[string]any{"code": m.Code, "reason": m.Reason} },
	need:   2,
}

func TestGoldenBye(t *testing.T) {
	byeMessage.golden(t, []named[Bye]{
		{"without a reason", Bye{Code: 1000}},
		{"with a reason", Bye{4200, "blue wins 3 to 1"}},
		{"of two bytes a letter", Bye{4000, "zu langsam für 60 Hz"}},
		{"longest", Bye{4999, strings.Repeat("x", MaxReason)}},
	})
}

func TestByeCutsLongReasons(t *testing.T) {
	long := strings.Repeat("x", MaxReason-1) + "ü and more"
	bye, err := ParseBye(Bye{4200, long}.Append(nil))
	if err != nil || bye.Reason != long[:MaxReason-1] {
		t.Errorf("got %q, %v", bye.Reason, err)
	}
}

func TestGoldenByeRefuses(t *testing.T) {
	checkRefusals(t, "bye_refused.json", map[string]refusal{
		"code beyond 16 bits": {unhex(t, "9213ce00010000"), ErrRange},
		"code as text":        {unhex(t, "9213a131"), ErrType},
		"no code":             {unhex(t, "9113"), ErrTruncated},
		"not UTF-8":           {unhex(t, "9313cd1068a2c328"), ErrRange},
		"reason as binary":    {unhex(t, "9313cd1068c40141"), ErrType},
		"reason too long":     {AppendStr(unhex(t, "9313cd1068"), strings.Repeat("x", MaxReason+1)), ErrLimit},
		"4 GB of reason":      {unhex(t, "9313cd1068dbffffffff41"), ErrLimit},
		"bytes behind":        {unhex(t, "9213cd106800"), ErrTrailing},
	}, func(b []byte) error { _, err := ParseBye(b); return err })
}

func FuzzBye(f *testing.F) { byeMessage.fuzz(f, "bye.json") }
