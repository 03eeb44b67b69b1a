package sim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Recorder writes a recording of one match: everything [Replay] needs to run
// it again and to compare each tick.
//
// It writes about once a second, at most 1 MiB at a time, and holds no more
// than that. The first error of the writer ends the recording, not the match:
// later calls of Record do nothing, and Err and Close report it. Record writes
// on its caller's goroutine, so the writer should be quick. One goroutine may
// use a Recorder.
type Recorder struct {
	w     io.Writer
	every int // ticks of a chunk

	tick   Tick   // last one recorded
	hash   uint64 // its state
	ticks  int    // those in buf
	before uint32 // checksum that the next chunk's goes on from
	buf    []byte // room for a length, then kind and body
	err    error
	closed bool
}

const (
	lengthRoom = 3         // bytes of a uvarint up to maxChunk
	fullChunk  = 64 * 1024 // a chunk of this size is written at once
)

var errClosed = errors.New("game: the recording is closed")

// NewRecorder begins the recording of a match made with
// def.BeginSim(seed, setup) that has not stepped yet.
func NewRecorder(w io.Writer, def Definition, seed uint64, setup Setup) *Recorder {
	s := def.Schema()
	r := &Recorder{w: w, every: s.TickRate, buf: make([]byte, lengthRoom, fullChunk)}
	start := append([]byte(magic), version)
	if _, err := w.Write(start); err != nil {
		r.fail(err)
	}
	r.before = crc32.Checksum(start, castagnoli)
	b := appendText(append(r.buf, chunkHeader), s.Game)
	b = binary.LittleEndian.AppendUint64(b, s.Hash)
	b = binary.LittleEndian.AppendUint64(b, seed)
	b = binary.AppendUvarint(b, uint64(s.TickRate))
	b = binary.AppendUvarint(b, uint64(s.SnapshotRate))
	b = binary.AppendUvarint(b, uint64(def.RewindTicks()))
	r.buf = appendSetup(b, &setup)
	r.flush()
	return r
}

// Record adds the next tick: what went into it, and Sim.Hash after it.
func (r *Recorder) Record(in *TickInput, hash uint64) {
	if r.err != nil || r.closed {
		return
	}
	r.tick++
	r.hash = hash
	if r.ticks == 0 {
		r.buf = binary.AppendUvarint(append(r.buf, chunkTicks), uint64(r.tick))
	}
	r.buf = appendTick(r.buf, r.tick, in, hash)
	r.ticks++
	if r.ticks >= r.every || len(r.buf) >= fullChunk {
		r.flush()
	}
}

// Err is the error that ended the recording, or nil.
func (r *Recorder) Err() error { return r.err }

// Close writes what is left and the end mark. It does not close the writer.
func (r *Recorder) Close() error {
	if r.closed {
		return errors.Join(errClosed, r.err)
	}
	r.closed = true
	if r.ticks > 0 {
		r.flush()
	}
	r.buf = binary.AppendUvarint(append(r.buf, chunkEnd), uint64(r.tick))
	r.buf = binary.LittleEndian.AppendUint64(r.buf, r.hash)
	r.flush()
	return r.err
}

// flush seals the chunk in buf and writes it in one call.
func (r *Recorder) flush() {
	var head [binary.MaxVarintLen64]byte
	size := len(r.buf) - lengthRoom
	if size > maxChunk {
		r.fail(fmt.Errorf("the input of tick %d takes %d bytes, more than %d", r.tick, size, maxChunk))
	}
	if r.err == nil {
		n := binary.PutUvarint(head[:], uint64(size))
		chunk := r.buf[lengthRoom-n:]
		copy(chunk, head[:n])
		r.buf = binary.LittleEndian.AppendUint32(r.buf, crc32.Update(r.before, castagnoli, chunk))
		if _, err := r.w.Write(r.buf[lengthRoom-n:]); err != nil {
			r.fail(err)
		}
	}
	r.buf, r.ticks, r.before = r.buf[:lengthRoom], 0, 0
}

func (r *Recorder) fail(err error) {
	if r.err == nil {
		r.err = fmt.Errorf("game: recording ended at tick %d: %w", r.tick, err)
	}
}
