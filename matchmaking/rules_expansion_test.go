package matchmaking

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestBoundAt(t *testing.T) {
	steps := Bound{From: 10, Steps: []Step{{5 * time.Second, 20}, {9 * time.Second, 40}}}
	linear := Bound{From: 10, To: 30, After: 5 * time.Second, Over: 10 * time.Second}
	for _, c := range []struct {
		b    Bound
		age  time.Duration
		want float64
	}{
		{Fixed(7), time.Hour, 7},
		{steps, 0, 10}, {steps, 5*time.Second - 1, 10}, {steps, 5 * time.Second, 20}, {steps, time.Hour, 40},
		{linear, 5 * time.Second, 10}, {linear, 10 * time.Second, 20}, {linear, 15 * time.Second, 30}, {linear, time.Hour, 30},
	} {
		if got := c.b.At(c.age); got != c.want {
			t.Errorf("%+v at %v is %v, want %v", c.b, c.age, got, c.want)
		}
	}
}

// TestBoundNext: following Next, a bound is seen at every value until it
// settles.
func TestBoundNext(t *testing.T) {
	for _, b := range []Bound{
		Fixed(7),
		{From: 10, Steps: []Step{{5 * time.Second, 20}, {9 * time.Second, 40}}},
		{From: 10, To: 30, After: 2500 * time.Millisecond, Over: 10 * time.Second},
	} {
		age := time.Duration(0)
		for n := 0; ; n++ {
			at, value, ok := b.Next(age)
			if !ok {
				break
			}
			if at <= age || value != b.At(at) || value <= b.At(age) || n > 20 {
				t.Fatalf("%+v: after %v comes %v at %v", b, age, value, at)
			}
			age = at
		}
		if age != b.Settled() || b.At(age) != b.Last() {
			t.Errorf("%+v: ends at %v with %v, settled at %v with %v", b, age, b.At(age), b.Settled(), b.Last())
		}
	}
}

// TestHall compares the counting of roles with giving them, which says nil
// when it can't.
func TestHall(t *testing.T) {
	a := &Attribute{Values: []string{"a", "b", "c", "d"}}
	yes, no := 0, 0
	for seed := range uint64(3000) {
		c := rand.New(rand.NewPCG(seed, 4))
		h := newRoleCheck(a, []Seats{{"a", 1 + c.IntN(2)}, {"b", 1}, {"c", 1 + c.IntN(3)}}, 0)
		var members []int
		for range 1 + c.IntN(6) {
			set := h.roles(uint64(c.IntN(16)))
			members = append(members, set)
			h.add(set, 1)
		}
		given := h.assign(members)
		if h.possible() != (given != nil) {
			t.Fatalf("seed %d: %v: counting says %v, giving %v", seed, members, h.possible(), given)
		}
		if given == nil {
			no++
			continue
		}
		yes++
		used := make([]int, 3)
		for i, role := range given {
			if used[role]++; members[i]&(1<<role) == 0 || used[role] > h.seats[role] {
				t.Fatalf("seed %d: %v were given %v", seed, members, given)
			}
		}
		for _, set := range members {
			h.add(set, -1)
		}
		if !h.possible() || h.count[len(h.count)-1] != 0 {
			t.Fatalf("seed %d: members taken away still count: %v", seed, h.count)
		}
	}
	if yes < 500 || no < 500 {
		t.Errorf("%d teams with roles, %d without: the test tests too little", yes, no)
	}
}

// TestShelf walks a shelf whose tickets disappear, beside a plain list.
func TestShelf(t *testing.T) {
	c := rand.New(rand.NewPCG(5, 5))
	s := &bucket{}
	taken := make([]bool, 300)
	key := 0.0
	for i := range taken {
		key += float64(c.IntN(3))
		s.push(int32(i), key, 0)
	}
	for n := range 250 {
		from, reach := float64(c.IntN(int(key))), float64(c.IntN(100))
		o := s.cursor(from, reach, 1, taken)
		seen, last := 0, 0.0
		for ; o.at >= 0; o.advance() {
			p := o.at
			d := max(s.keys[p]-from, from-s.keys[p])
			if taken[s.at[p]] || d < last || d > reach {
				t.Fatalf("step %d: at distance %v after %v, taken %v", n, d, last, taken[s.at[p]])
			}
			seen, last = seen+1, d
		}
		want := 0
		for p, k := range s.keys {
			if d := max(k-from, from-k); d <= reach && !taken[p] {
				want++
			}
		}
		if seen != want {
			t.Fatalf("step %d: %d seen, want %d", n, seen, want)
		}
		taken[c.IntN(len(taken))] = true
	}
}
