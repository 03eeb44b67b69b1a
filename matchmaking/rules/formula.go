package rules

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"arbiter/matchmaking"
)

// scope defines the names that formulas may use.
type scope struct {
	Wait     float64                                      `expr:"wait"`
	Players  int                                          `expr:"players"`
	Parties  int                                          `expr:"parties"`
	Latency  float64                                      `expr:"latency"`
	Mean     func(string) (float64, error)                `expr:"mean"`
	Lowest   func(string) (float64, error)                `expr:"lowest"`
	Highest  func(string) (float64, error)                `expr:"highest"`
	Spread   func(string) (float64, error)                `expr:"spread"`
	Stdev    func(string) (float64, error)                `expr:"deviation"`
	Gap      func(string) (float64, error)                `expr:"gap"`
	TeamMean func(team int, name string) (float64, error) `expr:"team_mean"`
	TeamSize func(team int) (int, error)                  `expr:"team_size"`
	Sqrt     func(float64) float64                        `expr:"sqrt"`
	Pow      func(x, y float64) float64                   `expr:"pow"`
}

// maxFormula is the longest formula in bytes.
const maxFormula = 1024

type program struct {
	text string
	code *vm.Program
}

// constant stands for a formula that could not be read.
type constant struct{}

func (constant) Value(*matchmaking.View) (float64, error) { return 0, nil }

func compile(text string) (matchmaking.Formula, error) {
	if len(text) > maxFormula {
		return nil, fmt.Errorf("the formula has %d bytes, but at most %d are allowed", len(text), maxFormula)
	}
	code, err := expr.Compile(text, expr.Env(scope{}), expr.AsFloat64(), expr.MaxNodes(200), expr.DisableAllBuiltins(),
		expr.EnableBuiltin("abs"), expr.EnableBuiltin("min"), expr.EnableBuiltin("max"), expr.EnableBuiltin("float"))
	if err != nil {
		return nil, oneLine(err)
	}
	return &program{text, code}, nil
}

// String is the formula as it was written.
func (p *program) String() string { return p.text }

// oneLine keeps the library's message without its drawing of the source.
func oneLine(err error) error {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("formula: %s", first)
}

var errAttribute = errors.New("there is no number attribute of this name")

// Value computes the formula for a match.
func (p *program) Value(v *matchmaking.View) (float64, error) {
	of := func(pick func(matchmaking.Summary) float64) func(string) (float64, error) {
		return func(name string) (float64, error) {
			s, ok := v.Summary(name)
			if !ok {
				return 0, fmt.Errorf("%q: %w", clip(name), errAttribute)
			}
			return pick(s), nil
		}
	}
	out, err := expr.Run(p.code, scope{
		Wait: v.Age, Players: v.Players, Parties: v.Parties, Latency: v.Latency,
		Mean:    of(func(s matchmaking.Summary) float64 { return s.Mean }),
		Lowest:  of(func(s matchmaking.Summary) float64 { return s.Lowest }),
		Highest: of(func(s matchmaking.Summary) float64 { return s.Highest }),
		Spread:  of(func(s matchmaking.Summary) float64 { return s.Highest - s.Lowest }),
		Stdev:   of(func(s matchmaking.Summary) float64 { return s.Deviation }),
		Gap: func(name string) (float64, error) {
			gap, ok := v.Gap(name)
			if !ok {
				return 0, fmt.Errorf("%q: %w", clip(name), errAttribute)
			}
			return gap, nil
		},
		TeamMean: func(team int, name string) (float64, error) {
			mean, ok := v.TeamMean(team, name)
			if !ok {
				return 0, fmt.Errorf("team %d, %q: there is no such team or number attribute", team, clip(name))
			}
			return mean, nil
		},
		TeamSize: func(team int) (int, error) {
			if team < 0 || team >= len(v.Teams) {
				return 0, fmt.Errorf("team %d: there are 0 to %d", team, len(v.Teams)-1)
			}
			return v.Teams[team].Players, nil
		},
		Sqrt: math.Sqrt, Pow: math.Pow,
	})
	if err != nil {
		return 0, oneLine(err)
	}
	x, ok := out.(float64)
	if !ok {
		return 0, fmt.Errorf("formula: %T is no number", out)
	}
	return x, nil
}
