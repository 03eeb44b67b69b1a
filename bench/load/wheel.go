package load

import "time"

// spokes is into how many moments an input interval is divided.
const spokes = 256

// wheel gives every client its own moment in the input interval, so that they
// do not speak all at once.
type wheel struct {
	interval time.Duration // negative: nobody speaks
	slots    [spokes][]*client
	turn     int64 // the next moment, counted from the loop's beginning
	placed   int
}

// add gives a client a moment: successive ones far from each other.
func (w *wheel) add(c *client) {
	c.spoke = w.placed * 159 % spokes // about spokes divided by the golden ratio
	w.placed++
	w.slots[c.spoke] = append(w.slots[c.spoke], c)
}

func (w *wheel) remove(c *client) {
	slot := w.slots[c.spoke]
	for i := range slot {
		if slot[i] == c {
			slot[i] = slot[len(slot)-1]
			slot[len(slot)-1] = nil
			w.slots[c.spoke] = slot[:len(slot)-1]
			return
		}
	}
}

func (w *wheel) at(turn int64) time.Duration {
	return time.Duration(turn * int64(w.interval) / spokes)
}

// next is when somebody has to speak, an interval from now at most.
func (w *wheel) next(now time.Duration) time.Duration {
	if w.interval < 0 {
		return now + time.Hour
	}
	for i := range int64(spokes) {
		if len(w.slots[(w.turn+i)%spokes]) > 0 {
			return w.at(w.turn + i)
		}
	}
	return now + w.interval
}

// due moves the wheel on, to the next moment at which somebody has to speak if
// it has come. at is below 0 if it has not.
func (w *wheel) due(now time.Duration) (who []*client, at time.Duration) {
	if w.interval < 0 {
		return nil, -1
	}
	for w.at(w.turn) <= now {
		at, who = w.at(w.turn), w.slots[w.turn%spokes]
		w.turn++
		if len(who) > 0 {
			return who, at
		}
	}
	return nil, -1
}
