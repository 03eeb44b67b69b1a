package rules_test

import (
	"errors"
	"fmt"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
)

func ExampleParse() {
	r, err := rules.Parse([]byte(`
name: duel
game: arena
attributes:
  skill: {type: number, default: 1500}
teams:
  - {name: player, count: 2, players: 1}
rules:
  - name: close skill
    kind: distance
    attribute: skill
    max: {from: 50, steps: [{after: 10s, to: 300}]}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	q := r.Rules[0]
	fmt.Println(r.TeamNames())
	fmt.Println(q.Kind, q.Max.At(0), q.Max.At(10*time.Second))
	fmt.Println("longest wait", r.LongestWait())
	// Output:
	// [player 1 player 2]
	// distance 50 300
	// longest wait 11s
}

// The error lists every problem, each with its line, path and remedy.
func ExampleParse_problems() {
	_, err := rules.Parse([]byte(`
name: duel
game: arena
attributes:
  skill: {type: number}
teams:
  - {name: player, count: 2, players: 1}
rules:
  - {name: close skill, kind: distance, attribute: skill, max: {from: 50, steps: [{after: 10s, to: 30}]}}
  - {name: near, kind: latency, attribute: ping, max: 80}
`))
	var problems matchmaking.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Printf("line %d, %s (%s)\n  %s\n  %s\n", p.Line, p.Where, p.Code, p.Detail, p.Remedy)
		}
	}
	// Output:
	// line 9, rules[0].max (rules_contradictory)
	//   changes from 50 to 30, which is stricter
	//   make every step looser: a ticket must not lose a possible match by waiting
	// line 10, rules[1].attribute (rules_name_unknown)
	//   attribute "ping" is not declared
	//   declare it under attributes
}
