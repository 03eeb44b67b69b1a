package app

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestMatchmakingSimulate(t *testing.T) {
	var out, errs bytes.Buffer
	args := []string{"matchmaking", "simulate", "--rules", "ladder", "--arrivals", "poisson:2", "--hours", "0.1", "--json", "--quiet"}
	if code := demo.Run(context.Background(), args, &out, &errs); code != exitDone {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var got struct {
		Rules string           `json:"rules"`
		Runs  []map[string]any `json:"runs"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Rules != "ladder" || len(got.Runs) != 2 {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestMatchmakingRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"chess":  {"--rules", "chess", "--arrivals", "poisson:2"},
		"poison": {"--rules", "ladder", "--arrivals", "poison:2"},
	} {
		var out, errs bytes.Buffer
		code := demo.Run(context.Background(), append([]string{"matchmaking", "simulate"}, args...), &out, &errs)
		if code != exitFailed || !strings.Contains(errs.String(), want) {
			t.Errorf("%v: exit %d, %s", args, code, errs.String())
		}
	}
}

func TestBenchRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"server-cpus": {"capacity", "--server-cpus", "x"},
		"transport":   {"idle", "--transport", "carrier-pigeon"},
		"floor":       {"floor-server", "--addr", "nowhere"},
	} {
		var out, errs bytes.Buffer
		code := demo.Run(context.Background(), append([]string{"bench"}, args...), &out, &errs)
		if code == exitDone || !strings.Contains(errs.String(), want) {
			t.Errorf("%v: exit %d, %s", args, code, errs.String())
		}
	}
}
