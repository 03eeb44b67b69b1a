package compare

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// builder makes programs of git revisions of a repository, in a directory of
// its own.
type builder struct{ source, dir string }

// program is the path of a program: what names one, or a revision, which is
// built. say is told of what takes a while.
func (b *builder) program(ctx context.Context, what string, say func(format string, args ...any)) (string, error) {
	if info, err := os.Stat(what); err == nil && info.Mode().IsRegular() {
		return filepath.Abs(what)
	}
	hash, err := b.git(ctx, b.source, "rev-parse", "--verify", "--quiet", "--end-of-options", what+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("bench: %q is neither a program nor a revision of the repository in %s (--source): name a file, or a branch, tag or commit", what, b.source)
	}
	program := filepath.Join(b.dir, "arbiter-"+hash)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	say("building %s, %.12s", what, hash)
	tree := filepath.Join(b.dir, hash)
	if _, err := b.git(ctx, b.source, "clone", "--quiet", "--shared", "--no-checkout", ".", tree); err != nil {
		return "", err
	}
	if _, err := b.git(ctx, tree, "checkout", "--quiet", "--detach", hash); err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, "go", "build", "-C", tree, "-o", program, "./cmd/arbiter")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("bench: build %s: %w: %.2000s", what, err, out)
	}
	return program, nil
}

func (b *builder) git(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("bench: git %s: %w: %.2000s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), nil
}
