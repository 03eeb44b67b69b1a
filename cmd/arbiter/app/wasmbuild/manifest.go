package wasmbuild

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arbiter/game"
)

// Manifest says which games a module has the rules of.
type Manifest struct {
	Games map[string]string `json:"games"` // name → schema hash, 16 hexadecimal digits
}

// ErrNone says that a folder has no rules. ReadManifest returns it.
var ErrNone = errors.New("no rules")

// SchemaHash is a game's schema as a manifest has it.
func SchemaHash(g game.Definition) string { return fmt.Sprintf("%016x", g.Schema().Hash) }

// ReadManifest reads what [Build] wrote into a folder. The error is [ErrNone] if
// there is nothing of Build's, and another one if there is more than one module,
// or if its manifest is missing.
func ReadManifest(dir fs.FS) (Manifest, error) {
	modules, err := fs.Glob(dir, "rules-*"+moduleExt)
	switch {
	case err != nil:
		return Manifest{}, err
	case len(modules) == 0:
		return Manifest{}, ErrNone
	case len(modules) > 1:
		return Manifest{}, fmt.Errorf("%d modules, %s: remove all but the newest", len(modules), strings.Join(modules, ", "))
	}
	text, err := fs.ReadFile(dir, strings.TrimSuffix(modules[0], moduleExt)+".json")
	if err != nil {
		return Manifest{}, fmt.Errorf("%s without a manifest: %w", path.Base(modules[0]), err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("manifest of %s: %w", path.Base(modules[0]), err)
	}
	return m, nil
}
