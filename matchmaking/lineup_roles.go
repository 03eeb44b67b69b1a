package matchmaking

import "math/bits"

// roleCheck is the role check of one team: it decides whether each member can
// have one of their roles (a bipartite matching). By Hall's theorem that is
// possible if for every set of roles the members whose roles all lie in it are
// no more than its seats. With at most 8 roles there are at most 256 sets;
// members are added and removed by counting.
type roleCheck struct {
	// Static.
	slot     int    // of the attribute in Matcher.sets
	seats    []int  // by role
	capacity []int  // by set of roles: its seats
	roleOf   []int8 // by bit of the attribute's mask: the role; -1: not a role

	// Changed by add.
	count []int // by set of roles: members whose roles all lie in it
}

func newRoleCheck(a *Attribute, seats []Seats, slot int) *roleCheck {
	h := &roleCheck{slot: slot, roleOf: make([]int8, len(a.Values))}
	for i, v := range a.Values {
		h.roleOf[i] = -1
		for r, s := range seats {
			if s.Role == v {
				h.roleOf[i] = int8(r)
			}
		}
	}
	for _, s := range seats {
		h.seats = append(h.seats, s.Count)
	}
	h.capacity = make([]int, 1<<len(seats))
	h.count = make([]int, 1<<len(seats))
	for set := range h.capacity {
		for r, n := range h.seats {
			if set&(1<<r) != 0 {
				h.capacity[set] += n
			}
		}
	}
	return h
}

// roles converts an attribute's mask into a set of this team's roles.
func (c *roleCheck) roles(mask uint64) int {
	set := 0
	for mask != 0 {
		if r := c.roleOf[bits.TrailingZeros64(mask)]; r >= 0 {
			set |= 1 << r
		}
		mask &= mask - 1
	}
	return set
}

// add counts a member with these roles; with by = −1 it removes them again.
func (c *roleCheck) add(roles, by int) {
	full := len(c.count) - 1
	rest := full &^ roles
	for extra := rest; ; extra = (extra - 1) & rest {
		c.count[roles|extra] += by
		if extra == 0 {
			return
		}
	}
}

// possible reports whether each counted member can have a role.
func (c *roleCheck) possible() bool {
	if c.count[0] > 0 {
		return false // somebody with none of the roles
	}
	for set, n := range c.count {
		if n > c.capacity[set] {
			return false
		}
	}
	return true
}

func (c *roleCheck) clear() { clear(c.count) }

// assign gives each member one of their roles by augmenting paths (Kuhn's
// algorithm). The result is an index in seats for each; nil: impossible.
func (c *roleCheck) assign(members []int) []int {
	given := make([]int, len(members))
	taken := make([][]int, len(c.seats)) // role → members
	var tried int
	var assign func(i int) bool
	assign = func(i int) bool {
		for r, n := range c.seats {
			if members[i]&(1<<r) == 0 || tried&(1<<r) != 0 {
				continue
			}
			tried |= 1 << r
			if len(taken[r]) < n {
				taken[r] = append(taken[r], i)
				given[i] = r
				return true
			}
			for at, other := range taken[r] {
				if assign(other) {
					taken[r][at] = i
					given[i] = r
					return true
				}
			}
		}
		return false
	}
	for i := range members {
		tried = 0
		if !assign(i) {
			return nil
		}
	}
	return given
}
