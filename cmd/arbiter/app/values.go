package app

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// The decoders below read flags of one type, wherever they come from. A number
// without a unit is no duration, as it could mean seconds or milliseconds.

func decodeDuration(ctx *kong.DecodeContext, target reflect.Value) error {
	text, err := popText(ctx)
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is not a duration: write a number with its unit, such as 500ms, 30s or 2m", text)
	}
	if d < 0 {
		return fmt.Errorf("%q is negative: write a duration of 0 or more", text)
	}
	target.SetInt(int64(d))
	return nil
}

// decodeAutoDuration is decodeDuration with auto, and 0 for never.
func decodeAutoDuration(ctx *kong.DecodeContext, target reflect.Value) error {
	if text, ok := ctx.Scan.Peek().Value.(string); ok && text == "auto" {
		_, err := popText(ctx)
		target.SetInt(0)
		return err
	}
	if err := decodeDuration(ctx, target); err != nil {
		return fmt.Errorf("%w, or auto", err)
	}
	if target.Int() == 0 {
		target.SetInt(-1)
	}
	return nil
}

func decodeInt(ctx *kong.DecodeContext, target reflect.Value) error {
	text, err := popText(ctx)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return fmt.Errorf("%q is not a whole number: write one such as 50", text)
	}
	target.SetInt(n)
	return nil
}

func decodeFloat(ctx *kong.DecodeContext, target reflect.Value) error {
	text, err := popText(ctx)
	if err != nil {
		return err
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != f {
		return fmt.Errorf("%q is not a number: write one such as 0.02", text)
	}
	target.SetFloat(f)
	return nil
}

func popText(ctx *kong.DecodeContext) (string, error) {
	token, err := ctx.Scan.PopValue("a")
	switch {
	case err != nil && token.IsEOL():
		return "", errors.New("the value is missing: write it after the flag")
	case err != nil:
		return "", err // which says how to write values that begin with -
	}
	return token.String(), nil
}

// atLeast refuses a flag's value below the minimum.
func atLeast[T int | float64 | time.Duration](flag string, v, least T) error {
	if v < least {
		return fmt.Errorf("--%s: %v is too small: give at least %v", flag, v, least)
	}
	return nil
}

// atMost refuses a flag's value above the maximum.
func atMost[T int | time.Duration](flag string, v, most T) error {
	if v > most {
		return fmt.Errorf("--%s: %v is too large: give at most %v", flag, v, most)
	}
	return nil
}

// decodeRates reads GAME=HZ, several with commas. A flag that is typed twice
// adds to the first.
func decodeRates(ctx *kong.DecodeContext, target reflect.Value) error {
	text, err := popText(ctx)
	if err != nil {
		return err
	}
	rates := target.Interface().(map[string]int)
	if rates == nil {
		rates = map[string]int{}
		target.Set(reflect.ValueOf(rates))
	}
	for pair := range strings.SplitSeq(text, ",") {
		name, number, ok := strings.Cut(pair, "=")
		hz, err := strconv.Atoi(strings.TrimSpace(number))
		if !ok || err != nil || hz < 1 {
			return fmt.Errorf("%q is not a rate: write GAME=HZ, such as arena=60", pair)
		}
		rates[strings.TrimSpace(name)] = hz
	}
	return nil
}

// probability refuses a flag's value that is not a probability.
func probability(flag string, p float64) error {
	if p < 0 || p > 1 {
		return fmt.Errorf("--%s: %v is not a probability: give a number from 0 to 1", flag, p)
	}
	return nil
}
