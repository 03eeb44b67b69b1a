// Command yourgame is the whole program for a game in a module of its own.
package main

import (
	"arbiter/cmd/arbiter/app"

	"example.com/yourgame/rules"
)

func main() { app.Main(rules.Game) }
