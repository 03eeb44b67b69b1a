package matchmaking

import (
	"fmt"
	"slices"
	"strings"
)

// check returns what is wrong with a value of the attribute; nil: nothing.
func (a *Attribute) check(v Value) *Problem {
	if v.kind != a.Kind {
		return &Problem{Code: WrongKind, Detail: fmt.Sprintf("is a %v, but attribute %q is a %v", v.kind, a.Name, a.Kind), Remedy: "send a " + a.Kind.String()}
	}
	switch a.Kind {
	case NumberKind:
		return a.checkNumber(v.number)
	case StringKind:
		return a.checkText(v.text)
	case SetKind:
		return a.checkSet(v.set)
	}
	return a.checkLatency(v.latency)
}

// Neutral is a value that is compatible with most others: the default, the
// middle of the range, every member of a set, the first of several strings, and
// for a latency that many milliseconds to every region.
func (a *Attribute) Neutral(milliseconds float64) Value {
	switch {
	case a.Default.kind != NoKind:
		return a.Default
	case a.Kind == NumberKind:
		return Number(a.Min + (a.Max-a.Min)/2)
	case a.Kind == SetKind:
		return Set(a.Values...)
	case a.Kind == LatencyKind:
		ms := map[string]float64{}
		for _, region := range a.Values {
			ms[region] = milliseconds
		}
		return Latency(ms)
	case len(a.Values) > 0:
		return Text(a.Values[0])
	}
	return Text("")
}

func (a *Attribute) checkNumber(n float64) *Problem {
	switch {
	case !finite(n):
		return &Problem{Code: NotFinite, Detail: fmt.Sprintf("%v is not a finite number", n), Remedy: "send a finite one"}
	case (a.Min != 0 || a.Max != 0) && (n < a.Min || n > a.Max):
		return &Problem{Code: OutOfRange, Detail: fmt.Sprintf("%v is not between %v and %v", n, a.Min, a.Max), Remedy: "send a number in this range"}
	case n < -maxNumber || n > maxNumber:
		return &Problem{Code: OutOfRange, Detail: fmt.Sprintf("%v is beyond ±%g", n, float64(maxNumber)), Remedy: "send a smaller number"}
	}
	return nil
}

func (a *Attribute) checkText(s string) *Problem {
	switch {
	case len(s) > maxText:
		return &Problem{Code: TextTooLong, Detail: fmt.Sprintf("the string has %d bytes", len(s)), Remedy: fmt.Sprintf("send at most %d", maxText)}
	case len(a.Values) > 0 && !slices.Contains(a.Values, s):
		return a.unknown(UnknownValue, s)
	}
	return nil
}

func (a *Attribute) unknown(code Code, s string) *Problem {
	return &Problem{Code: code, Detail: fmt.Sprintf("%q is not a declared value", clip(s)), Remedy: "use " + strings.Join(a.Values, ", ")}
}

func (a *Attribute) checkSet(set []string) *Problem {
	if len(set) > maxValues {
		return &Problem{Code: SetTooLarge, Detail: fmt.Sprintf("the set has %d values", len(set)), Remedy: fmt.Sprintf("send at most %d", maxValues)}
	}
	for _, s := range set {
		if !slices.Contains(a.Values, s) {
			return a.unknown(UnknownValue, s)
		}
	}
	return nil
}

// checkLatency ignores undeclared regions, because clients may measure more
// than a queue uses. At least one region must be declared.
func (a *Attribute) checkLatency(ms map[string]float64) *Problem {
	if len(ms) > maxValues {
		return &Problem{Code: SetTooLarge, Detail: fmt.Sprintf("latencies to %d regions", len(ms)), Remedy: fmt.Sprintf("send at most %d", maxValues)}
	}
	known := false
	for _, region := range a.Values {
		n, ok := ms[region]
		known = known || ok
		switch {
		case ok && !finite(n):
			return &Problem{Code: NotFinite, Detail: fmt.Sprintf("%v ms to %s", n, region), Remedy: "leave out regions that were not measured"}
		case ok && (n < 0 || n > maxNumber):
			return &Problem{Code: OutOfRange, Detail: fmt.Sprintf("%v ms to %s", n, region), Remedy: "send 0 or more"}
		}
	}
	if !known {
		return &Problem{Code: UnknownRegion, Detail: "none of the regions is declared", Remedy: "use " + strings.Join(a.Values, ", ")}
	}
	return nil
}

// mask is a set as bits, in the order of Values.
func (a *Attribute) mask(set []string) uint64 {
	var bits uint64
	for _, s := range set {
		if i := slices.Index(a.Values, s); i >= 0 {
			bits |= 1 << i
		}
	}
	return bits
}
