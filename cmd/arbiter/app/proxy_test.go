package app

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nginxConfig leaves buffering as nginx has it: on.
const nginxConfig = `
daemon off;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log stderr warn;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path %[1]s/body;
  proxy_temp_path %[1]s/proxy;
  fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi;
  scgi_temp_path %[1]s/scgi;
  map $http_upgrade $connection_header { default upgrade; "" ""; }
  server {
    listen %[2]s;
    %[4]s
    location %[5]s {
      proxy_pass http://%[3]s;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_header;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}`

// proxied is how nginx stands before a server.
type proxied struct {
	cert, key string // files; empty: no TLS
	location  string // path prefix that it has the server below; empty: none
	strips    bool   // it takes the prefix away
}

// nginx puts a proxy before a server until the test ends, and returns its
// address.
func nginx(t *testing.T, upstream string, p proxied) string {
	t.Helper()
	return nginxAt(t, freeAddr(t), upstream, p)
}

// freeAddr is an address on which nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

func nginxAt(t *testing.T, addr, upstream string, p proxied) string {
	t.Helper()
	secure, listen := "", ""
	if p.cert != "" {
		secure, listen = fmt.Sprintf("ssl_certificate %s; ssl_certificate_key %s;", p.cert, p.key), " ssl"
	}
	if p.strips {
		upstream += "/"
	}
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // where Debian has it, and not every PATH
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("nginx is not installed; make test installs it")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, nginxConfig, dir, addr+listen, upstream, secure, p.location+"/"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, "-p", dir, "-c", file, "-e", "stderr")
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	command.Stderr = &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // killed, as it should be
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		if t.Failed() {
			t.Logf("nginx: %s", said.String())
		}
	})
	deadline := time.Now().Add(10 * time.Second)
	for {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
			return addr
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not listen: %v", err)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// events reads a stream one event at a time.
type events struct {
	lines *bufio.Scanner
}

// next is the name of the next event; "" is the end.
func (e *events) next() string {
	name := ""
	for e.lines.Scan() {
		if n, ok := strings.CutPrefix(e.lines.Text(), "event: "); ok {
			name = n
		}
		if e.lines.Text() == "" && name != "" {
			return name
		}
	}
	return ""
}

// TestEventsThroughNginx: events come one by one through a proxy that buffers,
// a seat's address is the proxy's, and the end of a stream is noticed behind it.
func TestEventsThroughNginx(t *testing.T) {
	t.Parallel()
	d := newAPIDriver(t)
	h := newAPIHouse(t, d)
	direct := h.s
	behind := &served{addr: nginx(t, direct.addr, proxied{})}
	follow := func(ticket, token, query string) (*events, func()) {
		answer := d.send(behind, call{method: "GET", path: "/v1/tickets/{id}/events", id: ticket, token: token, query: query})
		if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Server"), "nginx") {
			t.Fatalf("not a stream through nginx: %d %v", answer.StatusCode, answer.Header)
		}
		return &events{bufio.NewScanner(answer.Body)}, func() { answer.Body.Close() }
	}
	ann, bob := h.player("ann"), h.player("bob")
	h.s = behind
	one := h.queue("asked", "ann").str("id")
	stream, end := follow(one, ann, "")
	defer end()
	expect := func(want string) {
		t.Helper()
		if got := stream.next(); got != want {
			t.Fatalf("event %q, want %q", got, want)
		}
	}
	expect("queued") // nothing else happens before bob comes
	two := h.queue("asked", "bob").str("id")
	expect("proposed")
	h.do(behind, 200, call{method: "POST", path: "/v1/tickets/{id}/accept", id: two, token: bob})
	expect("accepted")
	h.do(behind, 200, call{method: "POST", path: "/v1/tickets/{id}/accept", id: one, token: ann})
	expect("matched")
	expect("") // it ends by itself
	if seat := h.until("matched", one, ann); !strings.HasPrefix(seat.str("match", "seats", 0, "url"), "ws://"+behind.addr+"/play?") {
		t.Errorf("the seat is elsewhere: %s", seat.text)
	}

	three := h.queue("slow", "cyd").str("id")
	stream, end = follow(three, h.player("cyd"), "cancel_on_close=1")
	expect("queued")
	h.s = direct
	end()
	if got := h.until("cancelled", three, h.player("cyd")); got.str("cause") != "disconnected" {
		t.Errorf("its stream ended, and the ticket is %s", got.text)
	}
}

// TestPrefixBehindTLS: bots play, alone and by matchmaking, on a server that nginx
// has below a path, by TLS, whether nginx takes the path away or not.
func TestPrefixBehindTLS(t *testing.T) {
	t.Parallel()
	cert, key, _ := localCert(t)
	for _, strips := range []bool{false, true} {
		t.Run(fmt.Sprintf("strips=%v", strips), func(t *testing.T) {
			port := freeAddr(t)
			s := serving(t, "--trusted-proxies", "127.0.0.0/8", "--public-url", "https://"+port+"/eu/arena")
			at := "https://" + nginxAt(t, port, s.addr, proxied{cert, key, "/eu/arena", strips}) + "/eu/arena"
			for _, args := range [][]string{{"--clients", "3", "--game", "arena"}, {"--clients", "4", "--matchmake", "--queue", "ladder"}} {
				r, o := reportOf(t, append([]string{"--url", at, "--ca", cert, "--for", "1s"}, args...)...)
				if o.status != exitDone || r["inputs_lost"] != 0.0 || r["snapshots"].(float64) < 10 || r["errors"] != 0.0 {
					t.Errorf("%v: status %d, %v\n%s", args, o.status, r, o.err)
				}
			}
			o := command(t, "bots", "--quiet", "--url", at, "--for", "300ms", "--clients", "1")
			if o.status != exitFailed || !strings.Contains(o.err, "certificate") {
				t.Errorf("a certificate that nobody trusts: status %d: %s", o.status, o.err)
			}
			if r, o := reportOf(t, "--url", at, "--for", "300ms", "--clients", "1", "--insecure"); o.status != exitDone || r["connected"] != 1.0 {
				t.Errorf("--insecure: status %d: %s", o.status, o.err)
			}
		})
	}
}
