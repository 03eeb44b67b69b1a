package game

import (
	"slices"
	"testing"
)

func numbers(n int) (t Table[struct{ N int }]) {
	for i := range n {
		t.Add(struct{ N int }{i})
	}
	return t
}

func TestTableIDsAreNeverUsedAgain(t *testing.T) {
	rows := numbers(3)
	if !rows.Delete(3) || rows.Delete(3) || rows.Delete(0) || rows.Delete(9) {
		t.Error("Delete reports wrongly")
	}
	if id := rows.Add(struct{ N int }{}); id != 4 {
		t.Errorf("after deleting 3 the next id is %d", id)
	}
	if rows.Clear(); rows.Len() != 0 || rows.Get(1) != nil {
		t.Error("Clear left rows")
	}
	if id := rows.Add(struct{ N int }{}); id != 5 {
		t.Errorf("after Clear the next id is %d", id)
	}
	if rows.Get(5) == nil || rows.Get(4) != nil {
		t.Error("Get finds the wrong rows")
	}
}

func TestTableAllWhileItChanges(t *testing.T) {
	cases := []struct {
		name string
		do   func(rows *Table[struct{ N int }], id ID)
		want []ID
	}{
		{"nothing", func(*Table[struct{ N int }], ID) {}, []ID{1, 2, 3, 4, 5}},
		{"deletes the row it is at", func(r *Table[struct{ N int }], id ID) { r.Delete(id) }, []ID{1, 2, 3, 4, 5}},
		{"deletes the one before", func(r *Table[struct{ N int }], id ID) { r.Delete(id - 1) }, []ID{1, 2, 3, 4, 5}},
		{"deletes the one behind", func(r *Table[struct{ N int }], id ID) { r.Delete(id + 1) }, []ID{1, 3, 5}},
		{"deletes both", func(r *Table[struct{ N int }], id ID) { r.Delete(id); r.Delete(id + 1) }, []ID{1, 3, 5}},
		{"deletes all at the third", func(r *Table[struct{ N int }], id ID) {
			if id == 3 {
				r.Clear()
			}
		}, []ID{1, 2, 3}},
		{"adds", func(r *Table[struct{ N int }], _ ID) { r.Add(struct{ N int }{}) }, []ID{1, 2, 3, 4, 5}},
		{"replaces", func(r *Table[struct{ N int }], id ID) { r.Delete(id); r.Add(struct{ N int }{}) }, []ID{1, 2, 3, 4, 5}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rows := numbers(5)
			var seen []ID
			for id, row := range rows.All() {
				if row != rows.Get(id) {
					t.Errorf("row %d is not where Get finds it", id)
				}
				seen = append(seen, id)
				c.do(&rows, id)
			}
			if !slices.Equal(seen, c.want) {
				t.Errorf("saw %v, want %v", seen, c.want)
			}
		})
	}
	rows := numbers(5)
	for id := range rows.All() {
		if id == 2 {
			break
		}
	}
}

func TestTableFind(t *testing.T) {
	rows := numbers(5)
	if id, r := rows.Find(func(r *struct{ N int }) bool { return r.N >= 2 }); id != 3 || r.N != 2 {
		t.Errorf("found %d, %+v", id, r)
	}
	if id, r := rows.Find(func(r *struct{ N int }) bool { return r.N > 9 }); id != 0 || r != nil {
		t.Errorf("found %d, %+v", id, r)
	}
}
