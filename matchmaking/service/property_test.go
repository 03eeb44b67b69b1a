package service_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"
)

// TestPropertyOperations makes random calls and compares with a simple model:
// no player is in two matches by one ticket or in two rosters at once, no
// ticket is lost, and each leaves by exactly one final state, which stays.
func TestPropertyOperations(t *testing.T) {
	t.Parallel()
	sequences := uint64(propertySequences)
	if testing.Short() {
		sequences = 30
	}
	ended := map[string]int{}
	refused := map[string]int{}
	for seed := range sequences {
		s := &script{seed: seed, chance: rand.New(rand.NewPCG(seed, 9)), tickets: map[string]*modelTicket{}, in: map[string]string{}, refused: refused}
		inside(t, s.configure, func(h *harness) {
			s.harness = h
			for range 40 {
				s.step()
				s.compare()
			}
			s.end(ended)
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Log(ended, refused)
	if sequences < 400 {
		return // too few to have met everything
	}
	for _, how := range []string{"matched found", "matched accepted", "cancelled cancelled", "cancelled declined", "cancelled no_answer", "cancelled host_refused", "cancelled match_gone", "cancelled disconnected", "cancelled closed", "expired too_old"} {
		if ended[how] < 5 {
			t.Errorf("%d tickets left by %q: the test tests too little", ended[how], how)
		}
	}
	for _, code := range []string{"player_already_queued", "ticket_over", "ticket_not_proposed", "already_accepted", "party_queued", "party_not_ready"} {
		if refused[code] == 0 {
			t.Errorf("nothing was refused with %q: the test tests too little", code)
		}
	}
}

// script is one sequence of calls and its model.
type script struct {
	*harness
	seed    uint64
	chance  *rand.Rand
	tickets map[string]*modelTicket
	ids     []string
	in      map[string]string // the open ticket of each player
	parties []string
	streams []*stream
	refused map[string]int
	denied  bool // the host refuses
}

type modelTicket struct {
	players []string
	version float64
	final   string // state and cause
	match   string
}

const (
	slowDuel = `{name: slow, game: arena, attributes: {skill: {type: number, default: 0}}, teams: [{name: side, count: 2, players: 1}], rules: [{name: near, kind: distance, attribute: skill, max: {from: 1, to: 3, after: 5s, over: 20s}}], give_up: 40s, unclaimed: dissolve}`
	agreed   = `{name: agreed, game: arena, teams: [{name: side, count: 2, min: 1, max: 2}], acceptance: {required: true, timeout: 5s}, give_up: 40s}`
	growing  = `{name: growing, game: arena, teams: [{name: squad, count: 2, min: 1, max: 3}], backfill: true, give_up: 40s}`
)

func (s *script) configure(c *service.Config, h *servicetest.Host) {
	h.MaxMatches = 2 + s.chance.IntN(6)
	h.Refuse = func(service.MatchRequest) error {
		if s.denied {
			return errors.New("such a match can't be begun")
		}
		return nil
	}
	c.Limits.Burst, c.Limits.Rate, c.Limits.ServiceBurst = 10_000, 10_000, 10_000
	for _, text := range []string{slowDuel, agreed, growing} {
		r, err := rules.Parse([]byte(text))
		if err != nil {
			panic(err)
		}
		c.Rules = append(c.Rules, r)
	}
}

func (s *script) player() string { return fmt.Sprintf("p%d", s.chance.IntN(10)) }

// some is a ticket that is or was here.
func (s *script) some() (id, player string) {
	if len(s.ids) == 0 {
		return "t-none", "nobody"
	}
	id = s.ids[s.chance.IntN(len(s.ids))]
	if s.chance.IntN(2) == 0 { // rather a late one
		id = s.ids[len(s.ids)-1]
	}
	players := s.tickets[id].players
	return id, players[s.chance.IntN(len(players))]
}

func (s *script) step() {
	switch s.chance.IntN(13) {
	case 0, 1, 2:
		s.post()
	case 3:
		id, player := s.some()
		s.call("DELETE", "/v1/tickets/"+id, "", player)
	case 4:
		id, player := s.some()
		s.call("POST", "/v1/tickets/"+id+"/accept", "", player)
		if s.chance.IntN(3) == 0 { // and thinks better of it
			s.call("POST", "/v1/tickets/"+id+"/decline", "", player)
		}
	case 5:
		for _, id := range s.ids[max(0, len(s.ids)-6):] {
			for _, player := range s.tickets[id].players {
				s.call("POST", "/v1/tickets/"+id+"/accept", "", player)
			}
		}
	case 6:
		id, player := s.some()
		s.call("POST", "/v1/tickets/"+id+"/decline", "", player)
	case 7:
		s.partyStep()
	case 8:
		s.hostStep()
	case 9:
		id, player := s.some()
		s.streams = append(s.streams, s.stream(id, "player:"+player, "?cancel_on_close=1"))
	case 10:
		if n := len(s.streams); n > 0 {
			s.streams[s.chance.IntN(n)].stop()
		}
	default:
		pass(time.Duration(s.chance.IntN(6000)) * time.Millisecond)
	}
}

// call counts what is refused; every refusal is a whole problem.
func (s *script) call(method, path, body, player string) reply {
	a := s.ask(method, path, body, "player:"+player)
	if a.status >= 400 {
		a.refused(s.t, a.status, a.text("code"))
		s.refused[a.text("code")]++
	}
	return a
}

func (s *script) post() {
	queue := []string{"slow", "agreed", "growing"}[s.chance.IntN(3)]
	player, match := s.player(), ""
	if m := s.host.Matches(); len(m) > 0 && s.chance.IntN(6) == 0 {
		match = m[s.chance.IntN(len(m))].ID
	}
	body := fmt.Sprintf(`{"queue":%q,"match":%q}`, queue, match)
	if queue == "slow" {
		body = fmt.Sprintf(`{"queue":%q,"match":%q,"attributes":{"skill":%d}}`, queue, match, s.chance.IntN(8))
	}
	s.noteTicket(s.call("POST", "/v1/tickets", body, player))
}

// noteTicket notes a ticket that was taken.
func (s *script) noteTicket(a reply) {
	if a.status != 201 {
		return
	}
	id := a.text("id")
	m := &modelTicket{}
	for _, p := range a.at("players").([]any) {
		player := p.(string)
		if other := s.in[player]; other != "" && s.tickets[other].final == "" {
			if s.follow(other); s.tickets[other].final == "" {
				s.t.Fatalf("seed %d: player %s is in tickets %s and %s", s.seed, player, other, id)
			}
		}
		m.players = append(m.players, player)
		s.in[player] = id
	}
	s.tickets[id] = m
	s.ids = append(s.ids, id)
}

func (s *script) partyStep() {
	if len(s.parties) == 0 || s.chance.IntN(3) == 0 {
		p := s.call("POST", "/v1/parties", `{"queue":"growing"}`, s.player())
		if p.status == 201 {
			s.parties = append(s.parties, p.text("id"))
			s.call("POST", "/v1/parties/join", fmt.Sprintf(`{"code":%q}`, p.text("code")), s.player())
		}
		return
	}
	path := "/v1/parties/" + s.parties[s.chance.IntN(len(s.parties))]
	p := s.ask("GET", path, "", "service:shop")
	if p.status != 200 {
		return
	}
	members := p.at("members").([]any)
	if s.chance.IntN(4) > 0 {
		for _, m := range members {
			s.call("POST", path+"/ready", `{"ready":true}`, m.(map[string]any)["player"].(string))
		}
	}
	switch s.chance.IntN(5) {
	case 0:
		s.call("POST", path+"/leave", "", s.player())
	case 1:
		s.call("POST", path+"/kick", fmt.Sprintf(`{"player":%q}`, s.player()), p.text("leader"))
	default:
		s.noteTicket(s.call("POST", path+"/start", "", p.text("leader")))
	}
}

// hostStep has something happen to matches.
func (s *script) hostStep() {
	s.denied = s.chance.IntN(8) == 0
	matches := s.host.Matches()
	if len(matches) == 0 {
		return
	}
	m := matches[s.chance.IntN(len(matches))]
	switch s.chance.IntN(3) {
	case 0:
		s.host.Want(m.ID, 1+s.chance.IntN(2))
	case 1:
		s.host.End(m.ID)
		s.UpdateMatch(service.MatchUpdate{Match: m.ID, Ended: true})
	case 2:
		s.host.End(m.ID)
		s.UpdateMatch(service.MatchUpdate{Match: m.ID, Dissolved: true, Absent: []string{s.player()}})
	}
}

// follow reads one ticket and checks how it may have changed.
func (s *script) follow(id string) {
	m := s.tickets[id]
	a := s.ask("GET", "/v1/tickets/"+id, "", "service:shop")
	if a.status != 200 {
		s.t.Fatalf("seed %d: ticket %s is lost: %s", s.seed, id, a.body)
	}
	how := a.text("state") + " " + a.text("cause")
	switch version := a.at("version").(float64); {
	case version < m.version:
		s.t.Fatalf("seed %d: ticket %s goes back from version %v to %v", s.seed, id, m.version, version)
	case m.final != "" && (m.final != how || version != m.version):
		s.t.Fatalf("seed %d: ticket %s had left, %s, and is %s", s.seed, id, m.final, how)
	default:
		m.version = version
	}
	if state := matchmaking.State(a.text("state")); state == matchmaking.Queued || state == matchmaking.Proposed {
		return
	} else if m.final == "" && state == matchmaking.Matched {
		s.seated(id, a)
	}
	m.final = how
}

// seated checks that the match has every player of the ticket, once.
func (s *script) seated(id string, a reply) {
	m := s.tickets[id]
	m.match = a.text("match", "id")
	placed := map[string]int{}
	for _, team := range a.at("match", "teams").([]any) {
		for _, p := range team.(map[string]any)["players"].([]any) {
			placed[p.(map[string]any)["player"].(string)]++
		}
	}
	seats := a.at("match", "seats").([]any)
	for _, player := range m.players {
		holds := func(seat any) bool { return seat.(map[string]any)["player"] == player }
		if placed[player] != 1 || !slices.ContainsFunc(seats, holds) {
			s.t.Fatalf("seed %d: player %s of ticket %s is not seated once: %s", s.seed, player, id, a.body)
		}
	}
	if len(seats) != len(m.players) {
		s.t.Fatalf("seed %d: ticket %s has %d seats: %s", s.seed, id, len(seats), a.body)
	}
}

// compare follows every ticket, and checks the host: nobody has two seats of a
// match, and who has one was matched into it.
func (s *script) compare() {
	for _, id := range s.ids {
		s.follow(id)
	}
	for _, m := range s.host.Matches() {
		seen := map[string]bool{}
		for _, seat := range m.Seats {
			matched := slices.ContainsFunc(s.ids, func(id string) bool {
				return s.tickets[id].match == m.ID && slices.Contains(s.tickets[id].players, seat.Player)
			})
			if seen[seat.Player] || !matched {
				s.t.Fatalf("seed %d: player %s of match %s sits twice, or was never matched", s.seed, seat.Player, m.ID)
			}
			seen[seat.Player] = true
		}
	}
}

// end lets time pass: no ticket waits beyond give_up, and closing cancels the rest.
func (s *script) end(ended map[string]int) {
	if s.chance.IntN(2) == 0 {
		pass(2 * time.Minute)
		s.compare()
		for id, m := range s.tickets {
			if m.final == "" {
				s.t.Fatalf("seed %d: ticket %s is stranded", s.seed, id)
			}
		}
	}
	for _, st := range s.streams {
		st.stop()
	}
	s.Close()
	s.compare()
	for id, m := range s.tickets {
		if m.final == "" {
			s.t.Fatalf("seed %d: ticket %s never left", s.seed, id)
		}
		ended[m.final]++
	}
	for _, st := range s.streams {
		<-st.done
	}
}
