package transport

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"arbiter/server/transport/transporttest"
)

// manyVar has the test binary be a client with many connections, in a process
// of its own, so that its memory is not counted.
const manyVar = "TRANSPORT_TEST_MANY"

// beMany opens connections, says so, and holds them until its input ends.
func beMany(addr string) error {
	for range memoryConns {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			return err
		}
		defer nc.Close()
		tc := tls.Client(nc, &tls.Config{InsecureSkipVerify: true}) // the other process's certificate is not known here
		if _, err := io.WriteString(tc, goodHead); err != nil {
			return err
		}
		if r, err := http.ReadResponse(bufio.NewReader(tc), nil); err != nil || r.StatusCode != http.StatusSwitchingProtocols {
			return fmt.Errorf("answer %v, %v", r, err)
		}
		if _, err := tc.Write(transporttest.Frame(0x82, strings.Repeat("x", 200))); err != nil {
			return err
		}
	}
	fmt.Println("open")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// memoryConns is how many those are.
const memoryConns = 2000
