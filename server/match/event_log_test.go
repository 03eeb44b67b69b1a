package match

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestEventsArriveInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newEventLog()
		var got []uint64
		tell := Dispatch(n, func(e Event) { got = append(got, e.Seq) })
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 25 {
					n.publish(Event{Kind: Began})
				}
			})
		}
		wg.Wait()
		n.Close()
		if err := tell.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, seq := range got {
			if seq != uint64(i+1) {
				t.Fatalf("event %d came as number %d", seq, i+1)
			}
		}
		if len(got) != 100 {
			t.Errorf("%d of 100 events", len(got))
		}
		n.publish(Event{Kind: Began})
		if n.Newest() != 100 {
			t.Error("events after the end")
		}
	})
}

// A reader who falls behind loses the oldest and is told how many.
func TestEventsAreBounded(t *testing.T) {
	n := newEventLog()
	for range eventsKept + 100 {
		n.publish(Event{})
	}
	e, ok, _ := n.Next(20)
	if !ok || e.Seq != 101 || e.Lost != 80 {
		t.Errorf("%v %+v", ok, e)
	}
	if e, ok, _ = n.Next(e.Seq); !ok || e.Seq != 102 || e.Lost != 0 {
		t.Errorf("%v %+v", ok, e)
	}
	if _, ok, more := n.Next(eventsKept + 100); ok || more == nil {
		t.Error("there is more than there is")
	}
	if len(n.ring) != eventsKept {
		t.Errorf("%d events kept", len(n.ring))
	}
}

func TestAStuckListenerDoesNotHoldUpTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, wake := newEventLog(), make(chan struct{})
		tell := Dispatch(n, func(Event) { <-wake })
		n.publish(Event{})
		n.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := tell.Wait(ctx); err != errListenerStuck {
			t.Error(err)
		}
		close(wake)
	})
}
