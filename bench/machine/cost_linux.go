package machine

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Cost is what a process has used since it began.
type Cost struct {
	CPU     time.Duration // user and system, in steps of 10 ms
	User    time.Duration
	RSS     uint64 // bytes
	Threads int
}

// userHertz is the unit of times in /proc/PID/stat: 100 on every Linux that Go
// runs on.
const userHertz = 100

// CostOf reads /proc/PID.
func CostOf(pid int) (Cost, error) {
	dir := "/proc/" + strconv.Itoa(pid)
	b, err := os.ReadFile(dir + "/stat")
	if err != nil {
		return Cost{}, fmt.Errorf("bench: the process has ended: %w", err)
	}
	text := string(b)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // from field 3, the state
	if len(fields) < 22 {
		return Cost{}, fmt.Errorf("bench: %s/stat has %d fields, want 22 or more", dir, len(fields))
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(fields[i-3], 10, 64)
		return n
	}
	user, system := number(14), number(15)
	c := Cost{
		CPU: time.Duration(user+system) * time.Second / userHertz, User: time.Duration(user) * time.Second / userHertz,
		Threads: int(number(20)), RSS: uint64(number(24)) * uint64(os.Getpagesize()),
	}
	return c, nil
}

// BusyTime is for how long those processors have run something, or a
// hypervisor kept them from it, since the machine began.
func BusyTime(c CPUs) (sum time.Duration) {
	for line := range lines("/proc/stat") {
		f := strings.Fields(line)
		if len(f) < 9 || !strings.HasPrefix(f[0], "cpu") {
			continue
		}
		n, err := strconv.Atoi(f[0][3:])
		if err != nil || len(c) > 0 && !c.Overlaps(CPUs{n}) {
			continue
		}
		for i, text := range f[1:9] { // user nice system idle iowait irq softirq steal
			if i == 3 || i == 4 {
				continue
			}
			ticks, _ := strconv.ParseInt(text, 10, 64)
			sum += time.Duration(ticks) * time.Second / userHertz
		}
	}
	return sum
}

// ThreadTime is what the calling thread has used.
func ThreadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// Slab is the kernel's memory for its own objects, sockets among them, in
// bytes. It is the whole machine's.
func Slab() uint64 {
	for line := range lines("/proc/meminfo") {
		if name, value := pair(line); name == "Slab" {
			return kilobytes(value)
		}
	}
	return 0
}

// SocketPages is the kernel's memory for what sockets hold, in bytes; the
// whole machine's.
func SocketPages() uint64 {
	for line := range lines("/proc/net/sockstat") {
		f := strings.Fields(line)
		for i := 0; i+1 < len(f); i++ {
			if f[0] == "TCP:" && f[i] == "mem" {
				n, _ := strconv.ParseUint(f[i+1], 10, 64)
				return n * uint64(os.Getpagesize())
			}
		}
	}
	return 0
}

// Descriptors is how many this process, and those that it starts, may have
// open each; it raises its own limit as far as it may, which for root is
// wantDescriptors.
func Descriptors() int {
	var r unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &r) != nil {
		return 1024
	}
	if more := (unix.Rlimit{Cur: wantDescriptors, Max: wantDescriptors}); r.Max < wantDescriptors && unix.Setrlimit(unix.RLIMIT_NOFILE, &more) == nil {
		return wantDescriptors
	}
	r.Cur = r.Max
	_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &r)
	return int(min(r.Max, 1<<30))
}

const wantDescriptors = 200_000
