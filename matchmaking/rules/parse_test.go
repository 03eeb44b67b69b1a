package rules

import "testing"

func TestNamed(t *testing.T) {
	for _, name := range Names() {
		if _, err := Named(name); err != nil {
			t.Errorf("%s:\n%v", name, err)
		}
	}
}
