package sim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// tag is a parsed `net:"…"` tag; see the doc of package game for its grammar.
type tag struct {
	hidden, owner, linear, absolute bool
	wrap                            bool
	step, min, max, circle          float64 // circle: explicit wrap=
	hasMin, hasMax                  bool
	interp                          string
	text                            int
}

func parseTag(s string) (tag, error) {
	var t tag
	if s == "" {
		return t, nil
	}
	for part := range strings.SplitSeq(s, ",") {
		key, val, _ := strings.Cut(strings.TrimSpace(part), "=")
		var err error
		switch key {
		case "-":
			t.hidden = true
		case "owner":
			t.owner = true
		case "linear":
			t.linear = true
		case "abs":
			t.absolute = true
		case "step":
			if t.step, err = number(val); err == nil && !(t.step > 0) {
				err = fmt.Errorf("step=%s must be above 0", val)
			}
		case "wrap":
			t.wrap = true
			if val != "" {
				t.circle, err = number(val)
			}
		case "min":
			t.min, err = number(val)
			t.hasMin = true
		case "max":
			t.max, err = number(val)
			t.hasMax = true
		case "len":
			t.text, err = strconv.Atoi(val)
			if err == nil && (t.text < 1 || t.text > MaxTextLen) {
				err = fmt.Errorf("len=%d must be 1 to %d bytes", t.text, MaxTextLen)
			}
		case "interp":
			t.interp = val
		default:
			err = fmt.Errorf("unknown option %q in tag net:%q; known are - owner step wrap min max linear abs len interp", key, s)
		}
		if err != nil {
			return t, err
		}
	}
	if t.linear && t.absolute {
		return t, fmt.Errorf("tag net:%q asks for both linear and abs; choose one", s)
	}
	return t, nil
}

// leafOnly reports options that mean nothing on a struct.
func (t *tag) leafOnly() bool {
	rest := *t
	rest.hidden, rest.owner = false, false
	return rest != tag{}
}

// number reads "0.5", "1/64", "tau/256" or "pi/2".
func number(s string) (float64, error) {
	num, den, frac := strings.Cut(s, "/")
	n, err := constant(num)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number such as 0.5, 1/64 or tau/256", s)
	}
	if !frac {
		return n, nil
	}
	d, err := constant(den)
	if err != nil || d == 0 {
		return 0, fmt.Errorf("%q is not a number such as 0.5, 1/64 or tau/256", s)
	}
	return n / d, nil
}

func constant(s string) (float64, error) {
	switch s {
	case "tau":
		return 2 * math.Pi, nil
	case "pi":
		return math.Pi, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = strconv.ErrRange
	}
	return v, err
}

// apply completes a leaf from its tag and memory kind.
func (t *tag) apply(f *Field) error {
	float := f.mem == memFloat32 || f.mem == memFloat64
	switch {
	case f.mem == memString:
		f.Kind, f.Codec, f.MaxLen = Text, Absolute, defaultText
		if t.text > 0 {
			f.MaxLen = t.text
		}
	case f.mem == memBool:
		f.Kind, f.Codec, f.Max, f.Bounded = Bool, Absolute, 1, true
	case float && t.step == 0:
		f.Kind, f.Codec, f.Interp = Real, Absolute, Lerp
	case float:
		f.Kind, f.Step, f.Interp = Fixed, t.step, Lerp
		if frac, _ := math.Frexp(t.step); frac == 0.5 {
			f.inv = 1 / t.step // a power of two: products with it are exact
		}
	default:
		f.Kind = Int
		f.Min, f.Max, f.Bounded = typeBounds(f.mem)
		f.Unsigned = f.mem == memUint64
	}
	if t.step != 0 && f.Kind != Fixed {
		return fmt.Errorf("step= is for floats")
	}
	if t.text != 0 && f.Kind != Text {
		return fmt.Errorf("len= is for strings")
	}
	if (t.linear || t.wrap || t.hasMin || t.hasMax) && f.Kind != Fixed && f.Kind != Int {
		return fmt.Errorf("linear, wrap, min and max are for ints and floats with a step")
	}
	if t.linear {
		f.Codec = Linear
	}
	if t.absolute {
		f.Codec = Absolute
	}
	if err := t.applyWrap(f); err != nil {
		return err
	}
	if err := t.applyBounds(f); err != nil {
		return err
	}
	return t.applyInterp(f)
}

func typeBounds(m memKind) (lo, hi int64, ok bool) {
	switch m {
	case memInt8:
		return math.MinInt8, math.MaxInt8, true
	case memInt16:
		return math.MinInt16, math.MaxInt16, true
	case memUint8:
		return 0, math.MaxUint8, true
	case memUint16:
		return 0, math.MaxUint16, true
	}
	return 0, 0, false
}

func (t *tag) applyWrap(f *Field) error {
	if !t.wrap {
		return nil
	}
	circle := t.circle
	if circle == 0 {
		circle = 2 * math.Pi
	}
	step := f.Step
	if f.Kind == Int {
		if t.circle == 0 {
			return fmt.Errorf("wrap on an int needs its circle, as in wrap=360")
		}
		step = 1
	}
	n := circle / step
	f.Wrap = int64(math.Round(n))
	if f.Wrap < 2 || f.Wrap > 1<<31 || math.Abs(n-float64(f.Wrap)) > 1e-6 {
		return fmt.Errorf("wrap: the circle %v is not a whole number of steps of %v", circle, step)
	}
	if f.Bounded && f.Wrap-1 > f.Max {
		return fmt.Errorf("wrap=%v does not fit this type, which ends at %d", circle, f.Max)
	}
	f.Min, f.Max, f.Bounded = 0, f.Wrap-1, true
	f.Interp = Angle
	return nil
}

func (t *tag) applyBounds(f *Field) error {
	if !t.hasMin && !t.hasMax {
		return nil
	}
	if !t.hasMin || !t.hasMax || f.Wrap > 0 {
		return fmt.Errorf("min and max go together, and not with wrap")
	}
	scale := 1.0
	if f.Kind == Fixed {
		scale = f.Step
	}
	lo, hi := int64(math.RoundToEven(t.min/scale)), int64(math.RoundToEven(t.max/scale))
	if lo >= hi || lo < -MaxCell || hi > MaxCell || f.Bounded && (lo < f.Min || hi > f.Max) {
		return fmt.Errorf("min=%v,max=%v is not a range of this type", t.min, t.max)
	}
	f.Min, f.Max, f.Bounded, f.clamp = lo, hi, true, true
	return nil
}

func (t *tag) applyInterp(f *Field) error {
	names := map[string]Interp{"": f.Interp, "hold": Hold, "lerp": Lerp, "angle": Angle, "snap": Snap}
	v, ok := names[t.interp]
	if !ok {
		return fmt.Errorf("interp=%s; known are hold, lerp, angle, snap", t.interp)
	}
	if (v == Lerp || v == Angle) && (f.Kind == Bool || f.Kind == Text) || v == Angle && f.Wrap == 0 {
		return fmt.Errorf("interp=%s does not fit this field", t.interp)
	}
	f.Interp = v
	return nil
}
