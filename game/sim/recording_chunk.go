package sim

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
)

// chunkReader takes a recording apart and checks each chunk.
type chunkReader struct {
	r       *bufio.Reader
	buf     []byte // the chunk, as read
	version byte
	before  uint32 // checksum that the next chunk's goes on from
}

func newChunkReader(r io.Reader) *chunkReader { return &chunkReader{r: bufio.NewReader(r)} }

var errCut = errors.New("the recording is cut short")

// first checks the magic and returns the first chunk.
func (c *chunkReader) first() (kind byte, body []byte, err error) {
	var head [len(magic) + 1]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return 0, nil, cutShort(err)
	}
	c.version = head[len(magic)]
	if string(head[:len(magic)]) != magic || c.version < 1 || c.version > version {
		return 0, nil, fmt.Errorf("it begins with %q: not a recording, or of a version that this build does not know; replay it with the build that recorded it", head)
	}
	if c.version > 2 {
		c.before = crc32.Checksum(head[:], castagnoli)
	}
	return c.next()
}

// next returns a chunk whose checksum is right, valid until the next call.
func (c *chunkReader) next() (kind byte, body []byte, err error) {
	c.buf = c.buf[:0]
	size := uint64(0)
	for shift := 0; ; shift += 7 {
		b, err := c.r.ReadByte()
		if err != nil {
			return 0, nil, cutShort(err)
		}
		c.buf = append(c.buf, b)
		size |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
		if len(c.buf) == lengthRoom {
			return 0, nil, fmt.Errorf("a chunk's length takes more than %d bytes", lengthRoom)
		}
	}
	if size < 1 || size > maxChunk {
		return 0, nil, fmt.Errorf("a chunk of %d bytes; chunks have 1 to %d", size, maxChunk)
	}
	head := len(c.buf)
	c.buf = slices.Grow(c.buf, int(size)+crc32.Size)[:head+int(size)+crc32.Size]
	if _, err := io.ReadFull(c.r, c.buf[head:]); err != nil {
		return 0, nil, cutShort(err)
	}
	sealed := c.buf[:head+int(size)]
	if crc32.Update(c.before, castagnoli, sealed) != binary.LittleEndian.Uint32(c.buf[len(sealed):]) {
		return 0, nil, fmt.Errorf("the recording is damaged: a chunk's checksum is wrong")
	}
	c.before = 0
	return sealed[head], sealed[head+1:], nil
}

// done reports what follows the end mark.
func (c *chunkReader) done() error {
	if _, err := c.r.ReadByte(); err != io.EOF {
		return fmt.Errorf("the recording goes on behind its end mark")
	}
	return nil
}

func cutShort(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errCut
	}
	return err
}

// tickReader reads ticks into memory that it uses again.
type tickReader struct {
	version byte
	in      TickInput
	cells   []int64
	texts   []string
}

// read returns the recorded hash of the tick.
func (t *tickReader) read(r *reader, tick Tick) (hash uint32) {
	t.in.Reset()
	t.cells, t.texts = t.cells[:0], t.texts[:0]
	head := r.bytes(5)
	if head == nil {
		return 0
	}
	flags := head[0]
	if flags&hasSuspicions != 0 && t.version < 3 || flags >= hasAway && t.version < 4 {
		r.fail(fmt.Sprintf("unknown flags %#x", flags))
	}
	list := func(flag byte, size int) int {
		if flags&flag == 0 {
			return 0
		}
		return r.count(size)
	}
	for range list(hasLeaves, 1) {
		t.in.Leaves = append(t.in.Leaves, r.player())
	}
	for range list(hasJoins, 3) {
		p := Player{ID: r.player(), Name: r.text(), Team: r.text()}
		if t.version > 1 {
			p.Role, p.Attributes = r.text(), r.attributes()
		}
		t.in.Joins = append(t.in.Joins, p)
	}
	for range list(hasInputs, 4) {
		in := PlayerInput{Player: r.player(), Seq: uint32(r.uint(1<<32 - 1))}
		if view := r.uint(1 << 32); view > 0 {
			in.View = tick - Tick(view-1)
		}
		in.Cells = t.readCells(r)
		t.in.Inputs = append(t.in.Inputs, in)
	}
	for range list(hasCommands, 4) {
		c := PlayerCommand{Player: r.player(), Kind: int(r.varint())}
		c.Row.Cells = t.readCells(r)
		start := len(t.texts)
		for range r.count(1) {
			t.texts = append(t.texts, r.text())
		}
		c.Row.Texts = t.texts[start:len(t.texts):len(t.texts)]
		t.in.Commands = append(t.in.Commands, c)
	}
	for range list(hasSuspicions, 3) {
		s := PlayerSuspicion{Player: r.player()}
		if kind := r.bytes(1); kind != nil {
			s.Kind = Suspicion(kind[0])
		}
		s.Count = int(r.uint(math.MaxInt32))
		t.in.Suspicions = append(t.in.Suspicions, s)
	}
	for range list(hasAway, 1) {
		t.in.Away = append(t.in.Away, r.player())
	}
	for range list(hasBack, 1) {
		t.in.Back = append(t.in.Back, r.player())
	}
	for range list(hasHeld, 2) {
		t.in.Held = append(t.in.Held, PlayerInput{Player: r.player(), Cells: t.readCells(r)})
	}
	return binary.LittleEndian.Uint32(head[1:])
}

func (t *tickReader) readCells(r *reader) []int64 {
	start := len(t.cells)
	for range r.count(1) {
		t.cells = append(t.cells, r.varint())
	}
	return t.cells[start:len(t.cells):len(t.cells)]
}
