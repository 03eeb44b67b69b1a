package app

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"arbiter/netcode"
)

type versionCommand struct{ program *Program }

// Run prints the version, that of Arbiter if it is a library here, the compiler,
// and the protocol that is spoken.
func (c *versionCommand) Run(s streams) error {
	name, with := "arbiter", ""
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path != arbiterModule && info.Main.Path != "" {
		name, with = info.Main.Path, "arbiter "+libraryVersion(info)+", "
	}
	_, err := fmt.Fprintf(s.out, "%s %s (%s%s, %s/%s, protocol %d)\n",
		name, c.program.version(), with, runtime.Version(), runtime.GOOS, runtime.GOARCH, netcode.Version)
	return err
}

const arbiterModule = "arbiter"

// libraryVersion is the version of Arbiter in a program of another module.
func libraryVersion(info *debug.BuildInfo) string {
	for _, m := range info.Deps {
		if m.Path == arbiterModule {
			return m.Version
		}
	}
	return "unknown"
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
