package replicate

import (
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// frameStore keeps the captured frames that may still be needed: the newest,
// and those that records of feeds hold. A frame that nobody holds is filled
// again by the next capture. So a match keeps about as many frames as its
// slowest link has snapshots on the way, and allocates nothing as long as that
// stays so. A frame that is still held after reach captures is reclaimed all
// the same; its holders find that its tick is another.
type frameStore struct {
	schema   *sim.Schema
	reach    int      // captures after which a frame is reclaimed
	captures int      // so far
	held     []*Frame // in order of capture, the newest last
	free     []*Frame
	unused   int // free frames that were not needed since the last review
}

func newFrameStore(s *sim.Schema) frameStore {
	return frameStore{schema: s, reach: max(netcode.MinFrames, 2*s.SnapshotRate)}
}

// next returns the frame to capture into.
func (s *frameStore) next() *Frame {
	s.captures++
	if n := len(s.held); n > 0 && s.held[n-1].holders == 0 {
		s.reclaim(n - 1)
	}
	if len(s.held) > 0 && s.captures-s.held[0].number >= s.reach {
		s.reclaim(0)
	}
	var f *Frame
	if n := len(s.free); n > 0 {
		f, s.free[n-1] = s.free[n-1], nil
		s.free = s.free[:n-1]
	} else {
		f = newFrame(s.schema)
	}
	s.shrink()
	f.number = s.captures
	s.held = append(s.held, f)
	return f
}

// shrink lets go of the frames that no capture of the last reach ones needed.
func (s *frameStore) shrink() {
	s.unused = min(s.unused, len(s.free))
	if s.captures%s.reach == 0 {
		s.free = slices.Delete(s.free, 0, s.unused)
		s.unused = len(s.free)
	}
}

func (s *frameStore) reclaim(i int) {
	f := s.held[i]
	f.Tick, f.holders = 0, 0
	s.held = slices.Delete(s.held, i, i+1)
	s.free = append(s.free, f)
}

// at returns the frame of that tick, or nil if there is none.
func (s *frameStore) at(t game.Tick) *Frame {
	for i := len(s.held) - 1; i >= 0 && t != 0; i-- {
		if s.held[i].Tick == t {
			return s.held[i]
		}
	}
	return nil
}

// hold keeps f until it is released as often.
func (s *frameStore) hold(f *Frame) { f.holders++ }

// release gives f up for one holder, who held it as the frame of tick t.
func (s *frameStore) release(f *Frame, t game.Tick) {
	if f.Tick != t { // reclaimed meanwhile
		return
	}
	if f.holders--; f.holders == 0 && f.number != s.captures {
		s.reclaim(slices.Index(s.held, f))
	}
}
