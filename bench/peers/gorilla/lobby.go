package main

import (
	"net/http"
	"sync"

	"arbiter/game"

	"github.com/gorilla/websocket"
)

// lobby fills matches one after the other.
type lobby struct {
	players, rate int
	code          codec

	mu     sync.Mutex
	newest *match // guarded by mu
	seats  int    // guarded by mu: taken in the newest
	count  int    // guarded by mu: matches begun
}

var upgrader = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}

// serve plays with one client: this goroutine reads, another one writes.
func (l *lobby) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	m, id := l.seat()
	p := &player{id: id, conn: conn, out: make(chan *websocket.PreparedMessage, 4)}
	m.join(p)
	defer m.leave(p)
	go p.write()
	for {
		_, b, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var in Input
		if l.code.decode(b, &in) != nil {
			return
		}
		m.input(id, in)
	}
}

// seat takes a place in a match.
func (l *lobby) seat() (*match, game.PlayerID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.newest == nil || l.seats == l.players {
		l.newest, l.seats = newMatch(l.players, l.rate, l.count, l.code), 0
		l.count++
	}
	l.seats++
	return l.newest, game.PlayerID(l.seats)
}
