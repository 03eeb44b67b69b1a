package machine

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Description says on what a figure was measured.
type Description struct {
	Processor string    `json:"processor"`
	CPUs      int       `json:"cpus"`
	Memory    uint64    `json:"memory_bytes"`
	Kernel    string    `json:"kernel"`
	OS        string    `json:"os"`
	Virtual   bool      `json:"virtual"` // under a hypervisor
	Governor  string    `json:"governor,omitempty"`
	Load      string    `json:"load_average"` // before the run
	Go        string    `json:"go"`
	Program   string    `json:"program"` // version control revision
	Date      time.Time `json:"date"`
}

// Describe looks at this machine. What it cannot learn is left empty.
func Describe() Description {
	d := Description{
		CPUs: runtime.NumCPU(), OS: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
		Kernel: first("/proc/sys/kernel/osrelease"), Load: first("/proc/loadavg"),
		Governor: first("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
		Date:     time.Now().UTC().Truncate(time.Second),
	}
	for line := range lines("/proc/cpuinfo") {
		switch name, value := pair(line); name {
		case "model name":
			d.Processor = value
		case "flags":
			d.Virtual = strings.Contains(" "+value+" ", " hypervisor ")
		}
	}
	for line := range lines("/proc/meminfo") {
		if name, value := pair(line); name == "MemTotal" {
			d.Memory = kilobytes(value)
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				d.Program = s.Value
			}
		}
	}
	return d
}

// String is one line of it.
func (d Description) String() string {
	kind := "machine"
	if d.Virtual {
		kind = "virtual machine"
	}
	return fmt.Sprintf("%s, %d CPUs, %.1f GB, %s (%s), Linux %s, %s", d.Processor, d.CPUs, float64(d.Memory)/1e9, kind, d.OS, d.Kernel, d.Go)
}

// lines yields a file's lines; none if it cannot be read.
func lines(path string) func(func(string) bool) {
	b, _ := os.ReadFile(path)
	return strings.Lines(string(b))
}

// first is a file's first line.
func first(path string) string {
	for line := range lines(path) {
		return strings.TrimSpace(line)
	}
	return ""
}

func pair(line string) (name, value string) {
	name, value, _ = strings.Cut(line, ":")
	return strings.TrimSpace(name), strings.TrimSpace(value)
}

// kilobytes reads "123 kB" as bytes.
func kilobytes(s string) uint64 {
	var n uint64
	_, _ = fmt.Sscanf(s, "%d", &n) // 0 if there is none
	return n << 10
}
