package netcode

import (
	"arbiter/game"
	"arbiter/game/sim"
)

// Append appends the snapshot that Plan prepared:
//
//	[17, tick|nil, age, ackSeq, slack|nil, private|nil, update, leave, enter]
//
//	tick     nil: the tick of the snapshot before it on this connection + age,
//	         ackSeq is the increase since then, and Linear fields lead on;
//	         given: tick and ackSeq are absolute and Linear fields are Delta
//	age      0: keyframe, the baseline is empty; else the baseline is tick − age
//	ackSeq   sequence number of the receiver's last input applied
//	slack    biased ms by which his newest input came before it was due
//	private  [own|nil, events|nil, check|nil], trailing nils left out
//	own      flat sections (table, count, (id step, mask…, owner fields…)…)
//	events   flat (kind, age in ticks, fields…)…
//	check    [state, applied, inputs, ackEvery]: hash of what the receiver has
//	         now, count and hash of his inputs applied so far, and how many
//	         snapshots he may leave unacknowledged from now on; left out if
//	         that is as the welcome says
//	update, leave, enter
//	         flat sections, see body; empty ones at the end are left out
//
// A row enters with its owner fields zero; own changes them. A row that its
// receiver does not own has them zero.
func (f *Feed) Append(b []byte) []byte {
	p := &f.plan
	update, leave, enter := &p.group.body.update, &p.group.body.leave, &p.group.body.enter
	items := 9
	switch {
	case enter.items > 0:
	case leave.items > 0:
		items = 8
	case update.items > 0:
		items = 7
	default:
		items = 6
	}
	b = AppendArray(b, items)
	b = AppendInt(b, int64(KindSnapshot))
	b = f.appendTimes(b)
	if p.status.HasSlack {
		b = AppendBiased(b, int64(p.status.Slack))
	} else {
		b = AppendNil(b)
	}
	b = f.appendPrivate(b)
	runs := [3]*span{update, leave, enter}
	for _, r := range runs[:items-6] {
		b = AppendArray(b, r.items)
		b = append(b, r.b...)
	}
	return b
}

func (f *Feed) appendTimes(b []byte) []byte {
	p, now := &f.plan, f.r.newest
	age := 0
	if p.base != 0 {
		age = now.Sub(f.record(p.base).tick)
	}
	if f.chained && p.base != 0 {
		b = AppendNil(b)
		b = AppendInt(b, int64(age))
		return AppendInt(b, int64(p.status.AckSeq-f.ackSeq))
	}
	b = AppendInt(b, int64(now))
	b = AppendInt(b, int64(age))
	return AppendInt(b, int64(p.status.AckSeq))
}

func (f *Feed) appendPrivate(b []byte) []byte {
	p := &f.plan
	switch {
	case p.check:
		b = AppendArray(b, 3)
	case p.events:
		b = AppendArray(b, 2)
	case p.own.items > 0:
		b = AppendArray(b, 1)
	default:
		return AppendNil(b)
	}
	if p.own.items > 0 {
		b = AppendArray(b, p.own.items)
		b = append(b, p.own.b...)
	} else {
		b = AppendNil(b)
	}
	if p.check || p.events {
		b = f.r.events.append(b, p.since, f.r.newest, f.player)
	}
	if p.check {
		told := int(p.every) != f.r.config.AckEvery
		items := 3
		if told {
			items = 4
		}
		b = AppendArray(b, items)
		b = AppendUint(b, uint64(joinSums(p.group.sum, f.r.ownSum(f.player))))
		b = AppendUint(b, uint64(p.status.Applied))
		b = AppendUint(b, uint64(p.status.InputsHash))
		if told {
			b = AppendUint(b, uint64(p.every))
		}
	}
	return b
}

// ownSum hashes the owner fields of p's rows in the newest frame.
func (r *Replicator) ownSum(p game.PlayerID) uint32 {
	var h checksum
	f := r.now
	for i := range r.schema.Tables {
		t := &r.schema.Tables[i]
		if p == 0 || t.Public == len(t.Fields) {
			continue
		}
		for _, o := range f.owned(i, p) {
			h.ownRow(i, t, f.Tables[i].IDs[o.index], sim.Row{Cells: f.Tables[i].Row(int(o.index)), Texts: f.Tables[i].Texts})
		}
	}
	return h.sum()
}

func (h *checksum) ownRow(table int, t *sim.RowSchema, id game.ID, row sim.Row) {
	h.word(uint32(table))
	h.word(uint32(id))
	h.fields(t.Fields[t.Public:], row.Cells[t.Public:], row.Texts)
}
