#!/usr/bin/env python3
"""Plays a game on an Arbiter server and checks everything that can be checked.

Written from the documentation of Go's package netcode ("go doc -all ./netcode"),
and from nothing else, to show that it is enough. It needs Python 3 and msgpack
(Debian: python3-msgpack). It prints what it counted as JSON and fails if a check
of the state or of the inputs was wrong, or nothing was checked.

    client.py --url ws://127.0.0.1:8080 --game arena --token JWT --seconds 60
"""
import argparse
import base64
import json
import os
import random
import socket
import struct
import sys
import time
import urllib.parse

import msgpack

BOOL, INT, FIXED, REAL, TEXT = 1, 2, 3, 4, 5
DELTA, LINEAR, ABSOLUTE = 0, 1, 2
BIAS = 48
M32, M64 = 2**32 - 1, 2**64 - 1


class Closed(Exception):
    pass


class WebSocket:
    """The client's side of RFC 6455, as much as is needed."""

    def __init__(self, url, token):
        u = urllib.parse.urlsplit(url)
        self.sock = socket.create_connection((u.hostname, u.port), timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buf = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall((
            f"GET {u.path}?{u.query} HTTP/1.1\r\nHost: {u.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: arbiter.v1\r\n"
            f"Authorization: Bearer {token}\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buf:
            self.more()
        head, self.buf = self.buf.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise Closed(head.decode(errors="replace"))

    def more(self):
        b = self.sock.recv(65536)
        if not b:
            raise Closed("end of the connection")
        self.buf += b

    def take(self, n):
        while len(self.buf) < n:
            self.more()
        b, self.buf = self.buf[:n], self.buf[n:]
        return b

    def send(self, payload, op=2):
        mask = os.urandom(4)
        n = len(payload)
        head = bytes([0x80 | op]) + (bytes([0x80 | n]) if n < 126 else b"\xfe" + struct.pack(">H", n))
        self.sock.sendall(head + mask + bytes(c ^ mask[i & 3] for i, c in enumerate(payload)))

    def receive(self):
        message = b""
        while True:
            first, second = self.take(2)
            n = second & 127
            if n == 126:
                n, = struct.unpack(">H", self.take(2))
            elif n == 127:
                n, = struct.unpack(">Q", self.take(8))
            payload = self.take(n)
            op = first & 15
            if op == 8:
                raise Closed(f"closed with {struct.unpack('>H', payload[:2])[0] if n >= 2 else 'no code'}: {payload[2:].decode()}")
            if op == 9:
                self.send(payload, 10)
            if op >= 8:
                continue
            message += payload
            if first & 0x80:
                return message


# Hashes

def word(h, w):
    w = (w & M32) * 0xcc9e2d51 & M32
    w = (w << 15 | w >> 17) & M32
    w = w * 0x1b873593 & M32
    h ^= w
    h = (h << 13 | h >> 19) & M32
    return (h * 5 + 0xe6546b64) & M32


def finish(h):
    h = (h ^ h >> 16) * 0x85ebca6b & M32
    h = (h ^ h >> 13) * 0xc2b2ae35 & M32
    return h ^ h >> 16


def bits(field, cell):
    """The 64 bits of a cell that is no text."""
    if field.kind == REAL:
        return 0x7ff8000000000000 if cell != cell else struct.unpack(">Q", struct.pack(">d", cell))[0]
    return cell & M64


def feed(h, fields, cells):
    for f, c in zip(fields, cells):
        if f.kind == TEXT:
            b = c.encode()
            h = word(h, len(b))
            for i in range(0, len(b), 4):
                h = word(h, int.from_bytes(b[i:i + 4].ljust(4, b"\0"), "little"))
        else:
            v = bits(f, c)
            h = word(word(h, v), v >> 32)
    return h


# Schema

class Field:
    def __init__(self, items):
        (self.path, self.kind, self.step, self.wrap, self.min, self.max, self.codec, owner, self.interp,
         self.max_len) = items[:10]
        self.owner = owner == 1
        self.wrap = self.wrap or 0
        self.bounded = self.min is not None

    def zero(self):
        return "" if self.kind == TEXT else 0.0 if self.kind == REAL else 0

    def read(self, value):
        """An absolute value."""
        return float(value) if self.kind == REAL else value

    def add(self, cell, difference):
        if self.wrap:
            return (cell + difference) % self.wrap
        v = (cell + difference) & M64
        return v - 2**64 if v >= 2**63 else v


class Row:
    def __init__(self, items):
        self.name, self.public, self.owner, single, fields = items[:5]
        self.fields = [Field(f) for f in fields]


class Schema:
    def __init__(self, items):
        (self.game, self.tick_rate, self.snapshot_rate, rewinds, self.hash, tables, events, commands, inputs) = items[:9]
        self.rewinds = rewinds == 1
        self.tables = [Row(r) for r in tables]
        self.events = [Row(r) for r in events]
        self.commands = [Row(r) for r in commands]
        self.input = Row(inputs)


# Inputs

class Packing:
    """Which leaves make which integer: lists of (field, range), or one field alone."""

    def __init__(self, fields):
        self.words, product = [], 0
        for k, f in enumerate(fields):
            n = f.max - f.min + 1 if f.bounded else 0
            if not 0 < n <= 2**31:
                self.words.append((True, [k]))
                product = 0
            elif product and product * n <= 2**31:
                self.words[-1][1].append(k)
                product *= n
            else:
                self.words.append((False, [k]))
                product = n
        self.fields = fields

    def pack(self, cells):
        """The integers, and the words that the digest is fed with."""
        out, words = [], [1]
        for alone, leaves in self.words:
            if alone:
                c = cells[leaves[0]]
                out.append(c + BIAS)
                words += [c & M32, c >> 32 & M32]
                continue
            n = 0
            for k in reversed(leaves):
                f = self.fields[k]
                n = n * (f.max - f.min + 1) + cells[k] - f.min
            out.append(n)
            words.append(n)
        return out, words


# State

class Frame:
    def __init__(self, tick, baseline, tables):
        self.tick, self.baseline, self.tables = tick, baseline, tables  # a table is a dict of cells by id, ids ascending


class Run:
    """A flat run's values one by one."""

    def __init__(self, values):
        self.values, self.at = values or [], 0

    def left(self):
        return self.at < len(self.values)

    def next(self):
        self.at += 1
        return self.values[self.at - 1]

    def mask(self, fields):
        return self.next() | (self.next() << 32 if fields > 32 else 0)

    def sections(self):
        while self.left():
            yield self.next(), self.next()


class View:
    def __init__(self, schema, player):
        self.schema, self.player = schema, player
        self.frames, self.newest, self.ack_seq, self.event_tick = {}, None, 0, 0
        self.counts = dict(snapshots=0, keyframes=0, implied=0, extrapolated=0, events=0, checks=0, wrong_states=0,
                           wrong_inputs=0, lost_baselines=0, left=0, entered=0, own=0)

    def apply(self, items):
        """Returns (slack, check), or None if the baseline is missing."""
        items = items + [None] * (9 - len(items))
        _, tick, age, ack_seq, slack, private, update, leave, enter = items[:9]
        implied = tick is None
        if implied:
            tick, ack_seq = self.newest.tick + age, self.ack_seq + ack_seq
        base = self.frames.get(tick - age) if age else None
        if age and base is None:
            self.counts["lost_baselines"] += 1
            return None
        tables = [{i: list(c) for i, c in t.items()} for t in base.tables] if base else [{} for _ in self.schema.tables]
        if implied and base and base.baseline in self.frames and 1 <= age <= 31 and 1 <= base.tick - base.baseline <= 31:
            self.extrapolate(tables, base, self.frames[base.baseline], age)
        ids = [list(t) for t in tables]  # of the baseline, which row steps count
        self.update(Run(update), tables, ids)
        run = Run(leave)
        for n, count in run.sections():
            row = -1
            for _ in range(count):
                row += 1 + run.next()
                del tables[n][ids[n][row]]
                self.counts["left"] += 1
        run = Run(enter)
        for n, count in run.sections():
            t, row = self.schema.tables[n], 0
            for _ in range(count):
                row += 1 + run.next()
                if row in tables[n]:
                    raise ValueError(f"row {row} enters and is there")
                tables[n][row] = [f.read(run.next()) for f in t.fields[:t.public]] + [f.zero() for f in t.fields[t.public:]]
                self.counts["entered"] += 1
        tables = [dict(sorted(t.items())) for t in tables]
        private = (private or []) + [None] * 3
        self.disown(tables)
        self.own(Run(private[0]), tables)
        self.events(Run(private[1]), tick)
        frame = Frame(tick, base.tick if base else 0, tables)
        self.frames[tick] = frame
        keep = max(64, 2 * self.schema.snapshot_rate)
        for old in sorted(self.frames)[:-keep]:
            del self.frames[old]
        self.newest, self.ack_seq = frame, ack_seq
        self.counts["snapshots"] += 1
        self.counts["implied"] += implied
        self.counts["keyframes"] += age == 0
        check = private[2]
        if check:
            self.counts["checks"] += 1
            if self.sum(frame) != check[0]:
                self.counts["wrong_states"] += 1
        return (None if slack is None else slack - BIAS), check

    def extrapolate(self, tables, base, prev, ticks):
        for n, t in enumerate(self.schema.tables):
            linear = [k for k in range(t.public) if t.fields[k].codec == LINEAR]
            for i, cells in tables[n].items():
                was = prev.tables[n].get(i)
                if was is None:
                    continue
                for k in linear:
                    f = t.fields[k]
                    moved = cells[k] - was[k]
                    if f.wrap:
                        moved = (moved + f.wrap // 2) % f.wrap - f.wrap // 2
                    step = moved * ticks // (base.tick - prev.tick)
                    self.counts["extrapolated"] += step != 0
                    cells[k] = f.add(cells[k], step)

    def update(self, run, tables, ids):
        for n, count in run.sections():
            t, row, masks = self.schema.tables[n], -1, []
            for _ in range(count):
                key = run.next()
                if t.public <= 4:
                    step, mask = key >> t.public, key & (1 << t.public) - 1
                else:
                    step, known = divmod(key, 8)
                    if known == 7:
                        mask = run.mask(t.public)
                        if len(masks) < 7:
                            masks.append(mask)
                    else:
                        mask = masks[known]
                row += 1 + step
                self.change(run, t.fields[:t.public], tables[n][ids[n][row]], 0, mask)

    def change(self, run, fields, cells, at, mask):
        for k, f in enumerate(fields):
            if mask >> k & 1:
                v = run.next()
                cells[at + k] = f.read(v) if f.codec == ABSOLUTE else f.add(cells[at + k], v - BIAS)

    def mine(self, t, cells):
        return self.player and t.owner is not None and cells[t.owner] == self.player

    def disown(self, tables):
        for n, t in enumerate(self.schema.tables):
            for cells in tables[n].values():
                if not self.mine(t, cells):
                    cells[t.public:] = [f.zero() for f in t.fields[t.public:]]

    def own(self, run, tables):
        for n, count in run.sections():
            t, row = self.schema.tables[n], 0
            fields = t.fields[t.public:]
            for _ in range(count):
                row += 1 + run.next()
                mask = run.mask(len(fields))
                self.change(run, fields, tables[n][row], t.public, mask)
                self.counts["own"] += 1

    def events(self, run, tick):
        while run.left():
            kind, age = run.next(), run.next()
            for f in self.schema.events[kind].fields:
                f.read(run.next())
            if tick - age > self.event_tick:
                self.counts["events"] += 1
        self.event_tick = tick

    def sum(self, frame):
        public = own = 0
        for n, t in enumerate(self.schema.tables):
            rows = frame.tables[n]
            if not rows or not t.fields:
                continue
            public = word(word(public, n), len(rows))
            for i, cells in rows.items():
                public = feed(word(public, i), t.fields[:t.public], cells)
                if t.public < len(t.fields) and self.mine(t, cells):
                    own = feed(word(word(own, n), i), t.fields[t.public:], cells[t.public:])
        return finish(word(finish(public), finish(own)))


class Player:
    def __init__(self, ws):
        self.ws = ws
        self.send([1, 1, None, None, None, 1])  # hello, with the schema
        w = self.receive()
        if w[0] != 16:
            raise Closed(f"not welcome: {w}")
        w += [None] * (15 - len(w))
        self.schema = Schema(w[10])
        self.view = View(self.schema, w[2])
        self.ack_every = w[7]
        self.seq = w[8]
        self.packing = Packing(self.schema.input.fields)
        self.cells = [0] * len(self.schema.input.fields)
        self.digests = {0: 0}  # by how many were applied
        self.made, self.tick, self.lead, self.unacked = 0, 0, 4, 0

    def send(self, items):
        self.ws.send(msgpack.packb(items))

    def receive(self):
        return msgpack.unpackb(self.ws.receive())

    def play(self, seconds):
        end, pinged = time.monotonic() + seconds, 0.0
        while time.monotonic() < end:
            m = self.receive()
            if m[0] == 17:
                self.snapshot(m)
            elif m[0] == 19:
                raise Closed(f"bye: {m[1:]}")
            if time.monotonic() - pinged > 1:
                pinged = time.monotonic()
                self.send([5, int(pinged * 1e6)])

    def snapshot(self, m):
        got = self.view.apply(m)
        if got is None:
            self.send([3, 0])
            return
        slack, check = got
        if slack is not None:  # the input clock follows how early inputs come
            self.lead += (slack < 20) - (slack > 150)
        if check:
            if len(check) > 3 and check[3]:
                self.ack_every = check[3]
            if check[1] not in self.digests or self.digests[check[1]] != check[2]:
                self.view.counts["wrong_inputs"] += 1
        self.unacked += 1
        if random.random() < 0.2:
            self.input()
        elif self.unacked >= self.ack_every:
            self.send([3, self.view.newest.tick])
            self.unacked = 0

    def input(self):
        cells = [random.randint(f.min, f.max) if f.bounded else random.randint(-100, 100) for f in self.schema.input.fields]
        tick = max(self.tick + 1, self.view.newest.tick + self.lead)
        if cells == self.cells:
            return
        self.cells, self.tick = cells, tick
        self.seq += 1
        packed, words = self.packing.pack(cells)
        h = self.digests[self.made]
        for w in words:
            h = word(h, w)
        self.made += 1
        self.digests[self.made] = h
        view = [random.choice([0, tick - self.view.newest.tick])] if self.schema.rewinds else []
        self.send([2, self.seq, self.view.newest.tick, tick] + view + packed)
        self.unacked = 0


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--url", required=True, help="ws://host:port")
    a.add_argument("--game", required=True)
    a.add_argument("--token", default="")
    a.add_argument("--seconds", type=float, default=5)
    a = a.parse_args()
    p = Player(WebSocket(f"{a.url}/play?game={urllib.parse.quote(a.game)}", a.token))
    p.play(a.seconds)
    c = dict(p.view.counts, made=p.made, applied=p.view.ack_seq, lead=p.lead)
    print(json.dumps(c))
    if c["wrong_states"] or c["wrong_inputs"] or not c["checks"] or not c["applied"]:
        sys.exit("a check was wrong, or nothing was checked")


if __name__ == "__main__":
    main()
