package service

import (
	"sync"
	"time"

	"arbiter/matchmaking"
)

// Store keeps the waiting tickets, so that they survive a restart. Save and
// Forget are called by the queue workers and must not block; a store that does
// I/O does it later, by itself.
type Store interface {
	// Save keeps a ticket, or replaces it.
	Save(t Saved)
	// Forget removes a ticket that left.
	Forget(id matchmaking.TicketID)
	// Load returns all that were saved and not forgotten. It is called once,
	// by New.
	Load() ([]Saved, error)
}

// Saved is a ticket as a Store keeps it.
type Saved struct {
	Queue   string             `json:"queue"`
	Ticket  matchmaking.Ticket `json:"ticket"`
	Names   map[string]string  `json:"names,omitempty"` // by player
	Owner   string             `json:"owner"`
	Service bool               `json:"service,omitempty"` // the owner is one
	Since   time.Time          `json:"since"`             // when the wait began
}

// Memory is a Store that lives as long as the process. It is safe for
// concurrent use.
type Memory struct {
	mu    sync.Mutex
	saved map[matchmaking.TicketID]Saved // guarded by mu
}

// NewMemory makes an empty one.
func NewMemory() *Memory { return &Memory{saved: map[matchmaking.TicketID]Saved{}} }

// Save implements [Store].
func (m *Memory) Save(t Saved) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saved[t.Ticket.ID] = t
}

// Forget implements [Store].
func (m *Memory) Forget(id matchmaking.TicketID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.saved, id)
}

// Load implements [Store].
func (m *Memory) Load() ([]Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]Saved, 0, len(m.saved))
	for _, t := range m.saved {
		list = append(list, t)
	}
	return list, nil
}
