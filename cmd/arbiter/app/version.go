package app

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"arbiter/netcode"
)

type versionCommand struct{ program *Program }

// Run prints the version, the compiler, and the protocol that is spoken.
func (c *versionCommand) Run(s streams) error {
	_, err := fmt.Fprintf(s.out, "arbiter %s (%s, %s/%s, protocol %d)\n",
		c.program.version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, netcode.Version)
	return err
}

// version is what main says, else what the linker recorded of its module.
func (p *Program) version() string {
	if p.Version != "" {
		return p.Version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && (text == "" || text == "(devel)") {
			text = s.Value[:12]
		}
	}
	if text == "" {
		return "unknown"
	}
	return text
}
