package matchmaking

import (
	"fmt"
	"slices"
	"strings"
)

// check tells whether a value may stand for the attribute; nil is yes.
func (a *Attribute) check(v Value) *Problem {
	if v.kind != a.Kind {
		return &Problem{Code: WrongKind, Detail: fmt.Sprintf("is a %v, and attribute %q is a %v", v.kind, a.Name, a.Kind), Remedy: "send a " + a.Kind.String()}
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

// Neutral is a value that suits many: the default, the middle of the range, every
// member of a set, the first of several strings, and that many milliseconds to
// every region.
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
		return &Problem{Code: NotFinite, Detail: fmt.Sprintf("%v is not a number to compare", n), Remedy: "send a finite one"}
	case (a.Min != 0 || a.Max != 0) && (n < a.Min || n > a.Max):
		return &Problem{Code: OutOfRange, Detail: fmt.Sprintf("%v is not between %v and %v", n, a.Min, a.Max), Remedy: "send one that is"}
	case n < -maxNumber || n > maxNumber:
		return &Problem{Code: OutOfRange, Detail: fmt.Sprintf("%v is beyond ±%g", n, float64(maxNumber)), Remedy: "send a smaller one"}
	}
	return nil
}

func (a *Attribute) checkText(s string) *Problem {
	switch {
	case len(s) > maxText:
		return &Problem{Code: TextTooLong, Detail: fmt.Sprintf("%d bytes", len(s)), Remedy: fmt.Sprintf("send at most %d", maxText)}
	case len(a.Values) > 0 && !slices.Contains(a.Values, s):
		return a.unknown(UnknownValue, s)
	}
	return nil
}

func (a *Attribute) unknown(code Code, s string) *Problem {
	return &Problem{Code: code, Detail: fmt.Sprintf("%q is not known", clip(s)), Remedy: "use " + strings.Join(a.Values, ", ")}
}

func (a *Attribute) checkSet(set []string) *Problem {
	if len(set) > maxValues {
		return &Problem{Code: SetTooLarge, Detail: fmt.Sprintf("%d values", len(set)), Remedy: fmt.Sprintf("send at most %d", maxValues)}
	}
	for _, s := range set {
		if !slices.Contains(a.Values, s) {
			return a.unknown(UnknownValue, s)
		}
	}
	return nil
}

// checkLatency ignores regions that the rules don't know: clients may measure
// more than a queue uses. One must be known.
func (a *Attribute) checkLatency(ms map[string]float64) *Problem {
	if len(ms) > maxValues {
		return &Problem{Code: SetTooLarge, Detail: fmt.Sprintf("%d regions", len(ms)), Remedy: fmt.Sprintf("send at most %d", maxValues)}
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
		return &Problem{Code: UnknownRegion, Detail: "no region is known", Remedy: "use " + strings.Join(a.Values, ", ")}
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
