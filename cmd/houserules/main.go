// Command houserules checks what the compiler does not: which package may
// import which, that the rooms of pure rules touch no clock, socket or
// goroutine, how long files are, and what stands at the top of the repository.
//
// It reads source files rather than asking the go command, so that files for
// other systems are checked too.
//
//	houserules [-C dir] [-write]
//
// It also keeps server/hazards.md, the table of what is survived and of the
// tests that show it: -write brings it up to date. And it sees to it that
// server/dependencies.md names each direct dependency.
//
// It prints one line for each violation, with the rule and the remedy, and
// exits with status 1 if there is any.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "houserules:", err)
		}
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("houserules", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("C", ".", "root of the module")
	write := flags.Bool("write", false, "write the tests into "+hazardsFile)
	if err := flags.Parse(args); err != nil {
		return err
	}
	t, err := readTree(os.DirFS(*root))
	if err != nil {
		return err
	}
	if *write {
		if err := t.writeHazards(*root); err != nil {
			return err
		}
	}
	named, err := dependencies(os.DirFS(*root))
	if err != nil {
		return err
	}
	violations := slices.Concat(t.imports(rooms), t.stillness(rooms), t.lengths(), t.topLevel(), t.hazards(os.DirFS(*root)), named)
	for _, v := range violations {
		fmt.Fprintln(stdout, v)
	}
	fmt.Fprintln(stdout, t.summary())
	if len(violations) > 0 {
		return fmt.Errorf("%d violations of the house rules", len(violations))
	}
	return nil
}

// violation is one place where a rule is broken.
type violation struct {
	where  string // path, or path:line
	what   string
	rule   string
	remedy string
}

func (v violation) String() string {
	return fmt.Sprintf("%s: %s; rule: %s; remedy: %s", v.where, v.what, v.rule, v.remedy)
}
