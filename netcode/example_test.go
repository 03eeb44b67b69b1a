package netcode_test

import (
	"fmt"
	"time"

	"arbiter/netcode"
)

// A message is appended by the one end and parsed by the other.
func Example() {
	b := netcode.Pong{ClientTime: 1_000_000, Tick: 1234, SinceTick: 5 * time.Millisecond}.Append(nil)
	fmt.Printf("%x, a %v\n", b, netcode.KindOf(b))

	pong, err := netcode.ParsePong(b)
	fmt.Printf("%+v %v\n", pong, err)

	_, err = netcode.ParsePong(b[:5])
	fmt.Println(err)
	// Output:
	// 9412ce000f4240cd04d2cd1388, a pong
	// {ClientTime:1000000 Tick:1234 SinceTick:5ms} <nil>
	// netcode: pong message, byte 2: value is cut short or missing
}

// What a client does after a connection closed depends on the code.
func ExampleCode_Action() {
	for _, c := range []netcode.Code{netcode.CodeLost, netcode.CodeDrain, netcode.CodeMatchFinished} {
		fmt.Printf("%d %v: %v\n", c, c, c.Action())
	}
	// Output:
	// 1006 lost: resume
	// 4102 drain: reconnect
	// 4200 match-finished: give up
}
