package load

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/gobwas/ws"
)

var errFrame = errors.New("bench: the server broke the WebSocket rules")

// maxFrame bounds what a client waits for, in bytes.
const maxFrame = 1 << 20

// readFrame splits the first whole frame off b. n is 0 if there is none yet.
func readFrame(b []byte) (op ws.OpCode, payload []byte, n int, err error) {
	if len(b) < 2 {
		return 0, nil, 0, nil
	}
	if b[0]&0xf0 != 0x80 || b[1]&0x80 != 0 { // fragments, extensions, a mask
		return 0, nil, 0, errFrame
	}
	head, size := 2, int(b[1])
	switch {
	case size == 126 && len(b) >= 4:
		head, size = 4, int(binary.BigEndian.Uint16(b[2:]))
	case size == 127 && len(b) >= 10:
		head, size = 10, int(min(binary.BigEndian.Uint64(b[2:]), maxFrame+1))
	case size >= 126:
		return 0, nil, 0, nil
	}
	if size > maxFrame {
		return 0, nil, 0, errFrame
	}
	if len(b) < head+size {
		return 0, nil, 0, nil
	}
	return ws.OpCode(b[0] & 15), b[head : head+size], head + size, nil
}

// room is what a frame's head needs in front of its payload; sealed frames
// begin somewhere in it.
const room = 8

// seal makes a masked frame of b[room:], in place, of at most 64 KB.
func seal(op ws.OpCode, b []byte, mask uint32) []byte {
	payload := b[room:]
	f := b[room-6:]
	f[1] = 0x80 | byte(len(payload))
	if len(payload) > 125 {
		f = b
		f[1] = 0x80 | 126
		binary.BigEndian.PutUint16(f[2:], uint16(len(payload)))
	}
	f[0] = 0x80 | byte(op)
	var key [4]byte
	binary.LittleEndian.PutUint32(key[:], mask)
	copy(b[room-4:], key[:])
	ws.Cipher(payload, key, 0)
	return f
}

// The handshake's key and the answer to it are the same for all: nobody caches
// between here and the server.
const (
	handshakeKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	handshakeAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// upgradeRequest is a client's request for a WebSocket.
func upgradeRequest(b []byte, host, path, protocol, token string) []byte {
	b = fmt.Appendf(b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n",
		path, host, handshakeKey)
	if protocol != "" {
		b = fmt.Appendf(b, "Sec-WebSocket-Protocol: %s\r\n", protocol)
	}
	if token != "" {
		b = fmt.Appendf(b, "Authorization: Bearer %s\r\n", token)
	}
	return append(b, "\r\n"...)
}

// readAnswer reads the server's answer to the request. n is 0 if it is not yet
// complete.
func readAnswer(b []byte) (n int, err error) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		if len(b) > 16<<10 {
			return 0, errors.New("bench: the server's answer has no end")
		}
		return 0, nil
	}
	line, _, _ := bytes.Cut(b, []byte("\r\n"))
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 101")) {
		return 0, fmt.Errorf("bench: the server refused a client: %s: %.200s", line, slices.Clone(b[end+4:]))
	}
	if !bytes.Contains(b[:end], []byte(handshakeAccept)) {
		return 0, errors.New("bench: the server's answer proves nothing: wrong Sec-WebSocket-Accept")
	}
	return end + 4, nil
}
