package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arbiter/game/tag"
	"arbiter/netcode/client"
)

// fetch makes a request and returns its status and body.
func fetch(t *testing.T, method, url string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, b.String()
}

// guest gets a guest's token.
func (s *served) guest(t *testing.T) string {
	t.Helper()
	_, body := fetch(t, http.MethodPost, "http://"+s.addr+"/v1/guest")
	var doc struct{ Token string }
	if err := json.Unmarshal([]byte(body), &doc); err != nil || doc.Token == "" {
		t.Fatalf("no token: %s", body)
	}
	return doc.Token
}

// TestPathsOfREADME asks for each path that server/README.md promises.
func TestPathsOfREADME(t *testing.T) {
	t.Parallel()
	s := serving(t)
	want := map[string]int{ // others answer 200
		"/play?game=NAME": 400, "POST /v1/matches": 401, "POST /v1/play": 401, "POST /v1/matches/{id}/join": 401, "POST /v1/tickets": 401, "/v1/tickets/{id}": 401, "POST /v1/parties": 401, "POST /v1/kicks": 400, "POST /v1/revocations": 400, "/v1/matches/{id}": 404, "POST /v1/guest": 201,
	}
	n := 0
	for table, base := range map[string]string{"public": s.addr, "admin": s.admin} {
		for _, row := range readmePaths(t, table) {
			method, path := row[0], row[1]
			n++
			status, body := fetch(t, method, "http://"+base+path)
			expect := want[path]
			if e, ok := want[method+" "+path]; ok {
				expect = e
			} else if expect == 0 {
				expect = 200
			}
			if status != expect || status == http.StatusNotFound && strings.Contains(body, "no_such_path") {
				t.Errorf("%s %s of the %s port: status %d, want %d: %.200s", method, path, table, status, expect, body)
			}
		}
	}
	if n != 24 {
		t.Errorf("server/README.md has %d paths, want 24", n)
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	taken := ln.Addr().String()
	for _, c := range [][]string{
		{"--addr", taken, "--admin-addr", "off"},
		{"--addr", "127.0.0.1:0", "--admin-addr", taken},
	} {
		o := command(t, append([]string{"serve", "--log-level", "error"}, c...)...)
		flag := "--addr"
		if c[3] == taken {
			flag = "--admin-addr"
		}
		want := "arbiter serve: " + taken + " is in use by another program, perhaps another arbiter: stop that program, or choose another port with " + flag + "\n"
		if o.status != exitFailed || o.err != want || o.out != "" {
			t.Errorf("%v: status %d\ngot  %swant %s%s", c, o.status, o.err, want, o.out)
		}
	}
}

func TestServeWithKeys(t *testing.T) {
	t.Parallel()
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	dir := filepath.Join(t.TempDir(), "made", "here")
	s := serving(t, "--games", "tag", "--tick-rate", "tag=40", "--key", key, "--record-dir", dir)
	if status, body := fetch(t, http.MethodPost, "http://"+s.addr+"/v1/guest"); status != http.StatusForbidden {
		t.Errorf("a server with keys answers a guest with %d: %s", status, body)
	}
	if _, body := fetch(t, http.MethodGet, "http://"+s.addr+"/v1/games"); !strings.Contains(body, `"name":"tag","tick_rate":40`) || strings.Contains(body, "arena") {
		t.Errorf("games: %s", body)
	}
	token := strings.TrimSpace(mustRun(t, "token", "--key", key, "--sub", "ann", "--name", "Ann"))
	faster, err := tag.Game.WithRates(40, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.Dial(t.Context(), faster, client.Config{URL: "ws://" + s.addr, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	name := ""
	for name == "" && c.Wait(t.Context()) == nil {
		c.Do(func() {
			if _, r := c.State().Runners.Find(func(*tag.Runner) bool { return true }); r != nil {
				name = r.Name
			}
		})
	}
	if err := c.Close(); err != nil || name != "Ann" {
		t.Errorf("player %q, %v", name, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("recordings: %v, %v", files, err)
	}
}
