// Command webbuild makes what arbiter serves to browsers, in
// cmd/arbiter/web/dist:
//
//	app.js, app.css, index.html   the playground, from cmd/arbiter/web
//	client/arbiter-client.js      the client library, from netcode/ts
//	client/arbiter-matchmake.js   what finds matches for it
//
// They are committed, so that the server builds from a fresh clone; -check says
// whether they are what their sources give.
//
// It prints what everything weighs, and warns, with -check fails, if the client
// without its msgpack library weighs more than 15 kB compressed.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "webbuild:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("webbuild", flag.ContinueOnError)
	root := flags.String("C", ".", "the top of the repository")
	check := flags.Bool("check", false, "compare with what is committed and write nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	top, err := filepath.Abs(*root)
	if err != nil {
		return err
	}
	o := output{dir: filepath.Join(top, "cmd", "arbiter", "web", "dist"), report: stdout}
	b, err := bundle(top)
	if err != nil {
		return err
	}
	o.weigh(b)
	if *check {
		return errors.Join(o.compare(b.files), b.budget())
	}
	if err := b.budget(); err != nil {
		fmt.Fprintln(stdout, "webbuild: warning:", err)
	}
	return o.write(b.files)
}
