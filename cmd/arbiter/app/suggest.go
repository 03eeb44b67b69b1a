package app

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// didYouMean suggests what is spelled like a name, as the end of an error text;
// empty if nothing is.
func didYouMean(name string, known []string) string {
	best, least := "", max(2, len(name)/4)+1
	for _, k := range known {
		if d := editDistance(name, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// editDistance is how many bytes have to be added, removed or replaced to make one
// text of the other (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// warnOfVariables says which variables of the environment look like settings and
// are none. They are no error, because Kubernetes makes some for each service:
// what it makes for one named arbiter is left out.
func warnOfVariables(program *kong.Application, to io.Writer) {
	var known []string
	for _, command := range program.Leaves(false) {
		if takesConfig(command) {
			for _, flag := range command.Flags {
				known = append(known, variable(command, flag.Name))
			}
		}
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "ARBITER_") || slices.Contains(known, name) || name == "ARBITER_PORT" ||
			strings.HasPrefix(name, "ARBITER_PORT_") || strings.HasPrefix(name, "ARBITER_SERVICE_") {
			continue
		}
		fmt.Fprintf(to, "the environment variable %s is no setting and is ignored%s\n", name, didYouMean(name, known))
	}
}
