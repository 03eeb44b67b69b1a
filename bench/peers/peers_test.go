package peers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arbiter/bench"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestReserve asks for seats as Colyseus gives them.
func TestReserve(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.Method != http.MethodPost || r.URL.Path != "/matchmake/joinOrCreate/match" || asked > 3 {
			http.Error(w, "no seat is free", http.StatusTeapot)
			return
		}
		fmt.Fprintf(w, `{"name":"match","sessionId":"s%d","roomId":"room","processId":"one"}`, asked)
	}))
	defer s.Close()
	free := &seats{url: s.URL, client: s.Client()}
	if err := free.reserve(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/one/room?sessionId=s1", "/one/room?sessionId=s2", "/one/room?sessionId=s3", "/"} {
		if got := free.path(0); got != want {
			t.Errorf("seat %s, want %s", got, want)
		}
	}
	if err := free.reserve(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "no seat is free") {
		t.Errorf("%v", err)
	}
}

func TestStale(t *testing.T) {
	dir := t.TempDir()
	from, made := filepath.Join(dir, "from"), filepath.Join(dir, "made")
	write := func(path string, at time.Time) {
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	write(from, noon)
	if !stale(made, from) {
		t.Error("what is missing is not stale")
	}
	write(made, noon.Add(time.Hour))
	if stale(made, from) {
		t.Error("what is newer is stale")
	}
	write(from, noon.Add(2*time.Hour))
	if !stale(made, from) {
		t.Error("what is older is not stale")
	}
}

// TestSummary checks medians, the ratios within rounds, and the words for a
// capacity.
func TestSummary(t *testing.T) {
	of := func(cpu ...float64) *Result {
		r := &Result{}
		for _, v := range cpu {
			r.Rounds = append(r.Rounds, &bench.Figures{CPU: v, SnapshotBytes: v, InputBytes: 6, Memory: 5000})
		}
		return r
	}
	list := []*Result{of(10, 30, 20), of(5, 10, 10)}
	for _, r := range list {
		r.sum(list[1].Rounds)
	}
	if r := list[0]; r.CPU != 20 || r.Ratio != 2 || r.Bytes != 20 || r.Input != 6 || r.Memory != 5000 {
		t.Errorf("%+v", r)
	}
	if list[1].Ratio != 1 {
		t.Errorf("the floor is %v of itself", list[1].Ratio)
	}
	for want, r := range map[string]*Result{"–": {}, "70": {Capacity: 70}, "≥ 70": {Capacity: 70, AtLeast: true}} {
		if r.Held() != want {
			t.Errorf("%+v is %s", r, r.Held())
		}
	}
	d := document(bench.Quietly(bench.Common{}, io.Discard), &Options{}, list)
	if len(d.Tables[0].Rows) != 2 || len(d.Plots[0].Bars) != 2 {
		t.Errorf("%+v", d)
	}
}

// TestServerThatDoesNotStart checks that the error says which one.
func TestServerThatDoesNotStart(t *testing.T) {
	l := &lineup{}
	none := errors.New("no server here")
	l.add("arbiter", func(context.Context) (*bench.Stand, error) { return nil, none })
	if _, err := l.costs(t.Context(), bench.Quietly(bench.Common{}, io.Discard), &Options{Rounds: 2}); !errors.Is(err, none) || !strings.Contains(err.Error(), "arbiter: ") {
		t.Errorf("%v", err)
	}
}
