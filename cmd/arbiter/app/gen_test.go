package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGenTS(t *testing.T) {
	var out, errs bytes.Buffer
	if code := demo.Run(context.Background(), []string{"gen", "ts", "--game", "arena"}, &out, &errs); code != exitDone ||
		!strings.Contains(out.String(), "export interface Arena {") || errs.Len() > 0 {
		t.Fatalf("exit %d\n%s%s", code, out.String(), errs.String())
	}
	file := filepath.Join(t.TempDir(), "arena.ts")
	var none bytes.Buffer
	if code := demo.Run(context.Background(), []string{"gen", "ts", "--game", "arena", "--out", file}, &none, &errs); code != exitDone || none.Len() > 0 {
		t.Fatalf("exit %d\n%s", code, errs.String())
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, out.Bytes()) {
		t.Errorf("the file is not what is printed: %v", err)
	}
	errs.Reset()
	if code := demo.Run(context.Background(), []string{"gen", "ts", "--game", "chess"}, &out, &errs); code != exitFailed || !strings.Contains(errs.String(), `no game "chess"`) {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}
