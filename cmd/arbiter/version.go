package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"arbiter/netcode"
)

type versionCommand struct{}

// Run prints the version, the compiler, and the protocol that is spoken.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintf(s.out, "arbiter %s (%s, %s/%s, protocol %d)\n",
		versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH, netcode.Version)
	return err
}

// versionText is what the linker was told, else what the compiler knows.
func versionText() string {
	if version != "" {
		return version
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
