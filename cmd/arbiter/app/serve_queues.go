package app

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"arbiter/game"
	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
)

// noQueues as the only name in --queues leaves out all that come with the program.
const noQueues = "none"

// queueFlags say which queues a server has.
type queueFlags struct {
	Queues []string `group:"Matchmaking" default:"${queues}" placeholder:"NAME" help:"Which of the queues that come with this program to have (${shipped}), or none. Queues of games that are not hosted are left out."`
	Rules  []string `group:"Matchmaking" sep:"," placeholder:"FILE" help:"Rules files of further queues, YAML or JSON. A queue of the same name is replaced. To try rules: arbiter matchmaking simulate."`

	PublicURL string `group:"TLS and proxies" name:"public-url" placeholder:"URL" help:"URL at which clients reach the public port, such as https://play.example.com, or https://example.com/arena if a proxy has it below a path: for the addresses of seats. Default: the host that the client asked, by TLS if it came by TLS here or to a trusted proxy."`
}

// pathPrefix is the path of --public-url, such as /arena; empty if it has none.
func (f *queueFlags) pathPrefix() string {
	u, err := url.Parse(f.PublicURL)
	if err != nil {
		return "" // server.New says what is wrong
	}
	return strings.TrimRight(u.Path, "/")
}

// rulesOf reads the queues for these games. Those of --rules must fit a game;
// shipped ones that have none are left out.
func (f *queueFlags) rulesOf(shipped []matchmaking.Rules, hosted []game.Definition) ([]matchmaking.Rules, error) {
	var list []matchmaking.Rules
	for _, name := range f.Queues {
		if name == noQueues && len(f.Queues) == 1 {
			break
		}
		i := slices.IndexFunc(shipped, func(r matchmaking.Rules) bool { return r.Name == name })
		if i < 0 {
			return nil, noSuchQueue(name, shipped)
		}
		r := shipped[i]
		if slices.ContainsFunc(hosted, func(g game.Definition) bool { return g.Name() == r.Game }) {
			list = append(list, r)
		}
	}
	for _, path := range f.Rules {
		text, err := os.ReadFile(path) // #nosec G304 -- the operator names it, not who connects
		if err != nil {
			return nil, fmt.Errorf("--rules: %w: give the path of a rules file", err)
		}
		r, err := rules.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("--rules: %s:\n%w", path, err)
		}
		if err := fits(&r, hosted); err != nil {
			return nil, fmt.Errorf("--rules: %s: %w", path, err)
		}
		if i := slices.IndexFunc(list, func(o matchmaking.Rules) bool { return o.Name == r.Name }); i >= 0 {
			list[i] = r
			continue
		}
		list = append(list, r)
	}
	return list, nil
}

// noSuchQueue is the error about a queue that does not come with the program.
func noSuchQueue(name string, shipped []matchmaking.Rules) error {
	if len(shipped) == 0 {
		return fmt.Errorf("--queues: no queue %q: this program comes with none: give the file of its rules with --rules", name)
	}
	return fmt.Errorf("--queues: no queue %q: use %s or none, or give the file of its rules with --rules", name, strings.Join(queueNames(shipped), ", "))
}

func queueNames(list []matchmaking.Rules) []string {
	var names []string
	for _, r := range list {
		names = append(names, r.Name)
	}
	return names
}

// fits says why no hosted game can play what the rules make.
func fits(r *matchmaking.Rules, hosted []game.Definition) error {
	i := slices.IndexFunc(hosted, func(g game.Definition) bool { return g.Name() == r.Game })
	if i < 0 {
		var names []string
		for _, g := range hosted {
			names = append(names, g.Name())
		}
		return fmt.Errorf("game: %q is not hosted: use one of %s, or host it with --games", r.Game, strings.Join(names, ", "))
	}
	if players, most := r.MostPlayers(), hosted[i].Config().MaxPlayers; players > most {
		return fmt.Errorf("teams: matches of up to %d players, and %s takes %d: make the teams smaller", players, r.Game, most)
	}
	for name, value := range r.Parameters {
		if _, err := parameter(name, value); err != nil {
			return fmt.Errorf("parameters: %w", err)
		}
	}
	if err := attributesOf(r.Parameters).Check(); err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	return nil
}
