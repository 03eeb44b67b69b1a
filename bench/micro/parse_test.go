package micro

import "testing"

func TestParse(t *testing.T) {
	list := parse(`goos: linux
pkg: arbiter/netcode
cpu: AMD EPYC
BenchmarkEncode100-2   	  100	 3 ns/op	 2 B/op	 1 allocs/op
BenchmarkEncode100-2   	  100	 5 ns/op	 7.5 B/client	 2 B/op	 1 allocs/op
BenchmarkEncode100-2   	  100	 4 ns/op	 2 B/op	 1 allocs/op
PASS
pkg: arbiter/server
BenchmarkTick/x-2  	 10	 1.5 ns/op
`)
	if len(list) != 2 || list[0].Name != "netcode.Encode100" || list[0].Values["ns/op"] != 4 || list[0].rest() != "7.5 B/client" {
		t.Errorf("%+v", list)
	}
	if list[1].Name != "server.Tick/x" || list[1].Values["ns/op"] != 1.5 {
		t.Errorf("%+v", list[1])
	}
}
