package machine

import (
	"os"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestParseCPUs(t *testing.T) {
	for text, want := range map[string]CPUs{"": nil, "0": {0}, "0,2": {0, 2}, "1-3,6": {1, 2, 3, 6}} {
		got, err := ParseCPUs(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"a", "1-", "3-1", "-1", "0,,1", "9999"} {
		if got, err := ParseCPUs(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestOverlaps(t *testing.T) {
	if (CPUs{0}).Overlaps(CPUs{1}) || !(CPUs{0, 1}).Overlaps(CPUs{1}) || !(CPUs{0}).Overlaps(nil) {
		t.Error("wrong about shared processors")
	}
}

// TestCost burns processor time and finds it in the figures.
func TestCost(t *testing.T) {
	if runtime.GOOS != "linux" {
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := CostOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	thread, busy := ThreadTime(), BusyTime(nil)
	for ThreadTime()-thread < 60*time.Millisecond {
	}
	after, err := CostOf(os.Getpid())
	if used := after.CPU - before.CPU; err != nil || used < 40*time.Millisecond || used > 5*time.Second {
		t.Errorf("used %v, %v", used, err)
	}
	if grown := BusyTime(nil) - busy; grown < 40*time.Millisecond || BusyTime(CPUs{0}) > BusyTime(nil) {
		t.Errorf("all processors were busy for %v", grown)
	}
	if after.RSS < 1<<20 || after.Threads < 1 || Slab() == 0 {
		t.Errorf("%+v, slab %d", after, Slab())
	}
	if _, err := CostOf(1 << 30); err == nil {
		t.Error("a process that does not exist has a cost")
	}
}

func TestDescribe(t *testing.T) {
	d := Describe()
	if d.CPUs != runtime.NumCPU() || d.Go != runtime.Version() || runtime.GOOS == "linux" && (d.Processor == "" || d.Memory == 0 || d.Kernel == "") {
		t.Errorf("%+v", d)
	}
}
