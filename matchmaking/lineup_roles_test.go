package matchmaking

import (
	"math/rand/v2"
	"testing"
)

// TestRoleCheck compares the check by counting with assign, which returns nil if
// it is impossible.
func TestRoleCheck(t *testing.T) {
	a := &Attribute{Values: []string{"a", "b", "c", "d"}}
	yes, no := 0, 0
	for seed := range uint64(3000) {
		c := rand.New(rand.NewPCG(seed, 4))
		check := newRoleCheck(a, []Seats{{"a", 1 + c.IntN(2)}, {"b", 1}, {"c", 1 + c.IntN(3)}}, 0)
		var members []int
		for range 1 + c.IntN(6) {
			set := check.roles(uint64(c.IntN(16)))
			members = append(members, set)
			check.add(set, 1)
		}
		given := check.assign(members)
		if check.possible() != (given != nil) {
			t.Fatalf("seed %d: %v: counting says %v, giving %v", seed, members, check.possible(), given)
		}
		if given == nil {
			no++
			continue
		}
		yes++
		used := make([]int, 3)
		for i, role := range given {
			if used[role]++; members[i]&(1<<role) == 0 || used[role] > check.seats[role] {
				t.Fatalf("seed %d: %v were given %v", seed, members, given)
			}
		}
		for _, set := range members {
			check.add(set, -1)
		}
		if !check.possible() || check.count[len(check.count)-1] != 0 {
			t.Fatalf("seed %d: members taken away still count: %v", seed, check.count)
		}
	}
	if yes < 500 || no < 500 {
		t.Errorf("%d teams with roles, %d without: the test tests too little", yes, no)
	}
}
