package gents

import (
	"slices"
	"strings"

	"arbiter/game/sim"
)

// node is a field, or a struct or array of nodes.
type node struct {
	name  string
	field *sim.Field // nil for a struct or array
	parts []*node
}

// treeOf puts paths such as Hand.2.Suit back into the structs and arrays they
// were flattened from.
func treeOf(fields []sim.Field) []*node {
	var root node
	for i := range fields {
		at := &root
		for _, name := range strings.Split(fields[i].Path, ".") {
			at = at.part(name)
		}
		at.field = &fields[i]
	}
	return root.parts
}

func (n *node) part(name string) *node {
	i := slices.IndexFunc(n.parts, func(p *node) bool { return p.name == name })
	if i < 0 {
		n.parts = append(n.parts, &node{name: name})
		i = len(n.parts) - 1
	}
	return n.parts[i]
}

// typeScript is the type of a node's value.
func (n *node) typeScript(indent string) string {
	switch {
	case n.field != nil:
		return scalar(n.field.Kind)
	case n.isArray():
		return "[" + n.elements(indent) + "]"
	}
	var w writer
	for _, p := range n.parts {
		w.field(p, indent+"  ")
	}
	return "{\n" + w.String() + indent + "}"
}

// elements are an array's, with its length: it is a tuple, so that an index
// beyond it is a compile error.
func (n *node) elements(indent string) string {
	list := make([]string, len(n.parts))
	for i, p := range n.parts {
		list[i] = p.typeScript(indent)
	}
	return strings.Join(list, ", ")
}

// isArray: Go's field names do not begin with a digit.
func (n *node) isArray() bool {
	return len(n.parts) > 0 && n.parts[0].name[0] >= '0' && n.parts[0].name[0] <= '9'
}

func scalar(k sim.Kind) string {
	switch k {
	case sim.Bool:
		return "boolean"
	case sim.Text:
		return "string"
	}
	return "number"
}
