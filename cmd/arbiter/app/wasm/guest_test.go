package wasm_test

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"os/exec"
	"testing"

	"arbiter/cmd/arbiter/app/wasmbuild"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// guest is the module compiled and running.
type guest struct {
	t        testing.TB
	instance api.Module
	code     wazero.CompiledModule
}

func newGuest(t testing.TB) *guest {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is missing, which compiles the rules")
	}
	ctx := context.Background()
	built, err := wasmbuild.Build(ctx, wasmbuild.Config{Packages: []string{"arbiter/game/arena", "arbiter/game/tag"}, Out: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	bytes := unpacked(t, built.File)
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { r.Close(ctx) })
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	code, err := r.CompileModule(ctx, bytes)
	if err != nil {
		t.Fatal(err)
	}
	config := wazero.NewModuleConfig().WithStartFunctions("_initialize").WithStderr(os.Stderr).WithSysNanotime()
	instance, err := r.InstantiateModule(ctx, code, config)
	if err != nil {
		t.Fatal(err)
	}
	g := &guest{t, instance, code}
	if v := g.call("abi"); v != 1 {
		t.Fatalf("abi %d; this test knows 1", v)
	}
	return g
}

// unpacked is the content of a compressed file.
func unpacked(t testing.TB, path string) []byte {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// call gives what a function gives, 0 too.
func (g *guest) call(name string, args ...uint64) uint64 {
	g.t.Helper()
	out, err := g.instance.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		g.t.Fatalf("%s%v: %v", name, args, err)
	}
	if len(out) == 0 {
		return 0
	}
	return out[0]
}

// must fails the test where the call failed.
func (g *guest) must(name string, args ...uint64) uint64 {
	g.t.Helper()
	v := g.call(name, args...)
	if v == 0 {
		g.t.Fatalf("%s%v: %s", name, args, g.fault())
	}
	return v
}

func (g *guest) fault() string { return string(g.message(g.call("fault"))[8:]) }

// write gives the module n bytes and returns n.
func (g *guest) write(b []byte) uint64 {
	g.t.Helper()
	if at := g.must("input", uint64(len(b))); at%8 != 0 || !g.instance.Memory().Write(uint32(at), b) {
		g.t.Fatalf("input gave %#x for %d bytes", at, len(b))
	}
	return uint64(len(b))
}

// message returns the bytes of one, valid until the next call.
func (g *guest) message(at uint64) []byte {
	g.t.Helper()
	size, ok := g.instance.Memory().ReadUint32Le(uint32(at))
	msg, ok2 := g.instance.Memory().Read(uint32(at), size+8)
	if !ok || !ok2 || at%8 != 0 {
		g.t.Fatalf("no message at %#x", at)
	}
	return msg
}

func (g *guest) game(name string, tickRate, rate uint64) uint64 {
	g.t.Helper()
	return g.must("game", g.write([]byte(name)), tickRate, rate)
}
