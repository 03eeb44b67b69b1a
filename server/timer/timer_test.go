package timer

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTimer(t *testing.T) {
	timer := New(time.Hour)
	defer timer.Stop()
	for range 3 {
		began := time.Now()
		timer.Reset(2 * time.Millisecond)
		<-timer.C
		if early := 2*time.Millisecond - time.Since(began); early > 0 {
			t.Errorf("it fires %v early", early)
		}
	}
	timer.Reset(time.Hour)
	timer.Stop()
	select {
	case <-timer.C:
		t.Error("it fires though it was stopped")
	default:
	}
}
