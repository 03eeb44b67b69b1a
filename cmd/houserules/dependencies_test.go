package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestDependencies(t *testing.T) {
	const mod = "module arbiter\n\ngo 1.26\n\nrequire (\n\texample.org/direct v1.2.3\n\texample.org/far v0.0.0-2023 // indirect\n)\n\n" +
		"require example.org/single/v2 v2.0.0\n\ntool example.org/tools/cmd/check\n"
	const npm = `{"dependencies": {"@scope/lib": "1.0.0"}, "devDependencies": {"builder": "2.0.0"}}`
	all := []string{"example.org/direct", "example.org/single/v2", "example.org/tools/cmd/check", "@scope/lib", "builder"}
	for _, row := range []struct {
		name  string
		named []string
		want  []string
	}{
		{"complete", all, nil},
		{"a module is missing", all[1:], []string{"go.mod: example.org/direct has no row"}},
		{"a package is missing", all[:4], []string{"web/package.json: builder has no row"}},
		{"one is gone", append([]string{"example.org/old"}, all...), []string{"example.org/old is no direct dependency"}},
		{"an indirect one", append([]string{"example.org/far"}, all...), []string{"example.org/far is no direct dependency"}},
		{"one stands twice", append([]string{"builder"}, all...), []string{"builder stands twice"}},
	} {
		text := "# D\n\n| name | for |\n|---|---|\n"
		for _, n := range row.named {
			text += "| `" + n + "` | a reason |\n"
		}
		found, err := dependencies(fstest.MapFS{
			"go.mod": {Data: []byte(mod)}, "web/package.json": {Data: []byte(npm)}, dependenciesFile: {Data: []byte(text)},
			"web/node_modules/other/package.json": {Data: []byte(`{"dependencies": {"deep": "1"}}`)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != len(row.want) {
			t.Errorf("%s: %v, want %q", row.name, found, row.want)
			continue
		}
		for i, want := range row.want {
			if !strings.Contains(found[i].String(), want) {
				t.Errorf("%s: %v, want %q", row.name, found[i], want)
			}
		}
	}
	if _, err := dependencies(fstest.MapFS{"package.json": {Data: []byte("{")}, dependenciesFile: {Data: []byte("")}}); err == nil {
		t.Error("a broken manifest is not reported")
	}
}
