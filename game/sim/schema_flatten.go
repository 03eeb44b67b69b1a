package sim

import (
	"fmt"
	"reflect"
	"strconv"
)

// flattener walks a row type and collects its leaves.
type flattener struct {
	root  string
	row   *RowSchema
	owner string // path of the first PlayerID field
}

var memKinds = map[reflect.Kind]memKind{
	reflect.Bool: memBool, reflect.Int8: memInt8, reflect.Int16: memInt16, reflect.Int32: memInt32,
	reflect.Int64: memInt64, reflect.Int: memInt64, reflect.Uint8: memUint8, reflect.Uint16: memUint16,
	reflect.Uint32: memUint32, reflect.Uint64: memUint64, reflect.Uint: memUint64,
	reflect.Float32: memFloat32, reflect.Float64: memFloat64, reflect.String: memString,
}

func (w *flattener) fields(t reflect.Type, prefix string, base uintptr, outer tag) error {
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Name == "_" {
			continue
		}
		path := prefix + sf.Name
		tg, err := parseTag(sf.Tag.Get("net"))
		if err != nil {
			return fmt.Errorf("%s.%s: %w", w.root, path, err)
		}
		tg.hidden = tg.hidden || outer.hidden
		tg.owner = tg.owner || outer.owner
		if !sf.IsExported() && !tg.hidden {
			return fmt.Errorf("%s.%s is unexported; export it or keep it on the server with `net:\"-\"`", w.root, path)
		}
		if err := w.value(sf.Type, path, base+sf.Offset, tg); err != nil {
			return err
		}
	}
	return nil
}

func (w *flattener) value(t reflect.Type, path string, offset uintptr, tg tag) error {
	switch t.Kind() {
	case reflect.Struct:
		if tg.leafOnly() {
			return fmt.Errorf("%s.%s is a struct, whose tag can only be - or owner; tag its fields", w.root, path)
		}
		return w.fields(t, path+".", offset, tg)
	case reflect.Array:
		for i := range t.Len() {
			p := path + "." + strconv.Itoa(i)
			if err := w.value(t.Elem(), p, offset+uintptr(i)*t.Elem().Size(), tg); err != nil {
				return err
			}
		}
		return nil
	}
	mem, ok := memKinds[t.Kind()]
	if !ok {
		return fmt.Errorf("%s.%s has type %v, which is not plain data; use numbers, bools, strings, fixed arrays, structs of those, or a game.ID",
			w.root, path, t)
	}
	if mem == memInt64 && t.Kind() == reflect.Int && t.Size() == 4 {
		mem = memInt32
	}
	if mem == memUint64 && t.Kind() == reflect.Uint && t.Size() == 4 {
		mem = memUint32
	}
	f := Field{Path: path, mem: mem, offset: offset, hidden: tg.hidden, Owner: tg.owner}
	if err := tg.apply(&f); err != nil {
		return fmt.Errorf("%s.%s: %w", w.root, path, err)
	}
	if t == playerIDType && w.owner == "" && !f.hidden && !f.Owner {
		w.owner = path
	}
	w.row.leaves = append(w.row.leaves, f)
	return nil
}
