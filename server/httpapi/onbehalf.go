package httpapi

// OnBehalf is the part of a request's body by which a service names the player
// whom it acts for. Players, who act for themselves, leave it out. Bodies embed it.
type OnBehalf struct {
	Player string `json:"player"`
	Name   string `json:"name"` // what others see
}

// PlayerFor returns the player whom a request is for: the caller, or the one
// whom the caller, a service, names.
func (o OnBehalf) PlayerFor(caller string, service bool) (player string, err error) {
	switch {
	case !service && (o.Player != "" && o.Player != caller || o.Name != ""):
		return "", ServiceOnly.New("only services act for other players: leave player and name out")
	case !service:
		return caller, nil
	case o.Player == "":
		return "", BadJSON.At("player", "is missing", "a service names the player it acts for")
	}
	return o.Player, nil
}
