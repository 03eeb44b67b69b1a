import { read, Shape } from "../src/core/rows.ts";
import { frameSum } from "../src/view/check.ts";
import type { Cells, Frame } from "../src/view/frame.ts";
import { noRows } from "../src/view/frame.ts";
import { InputDigest } from "../src/wire/inputdigest.ts";
import { decode, Kind } from "../src/wire/message.ts";
import { Packing } from "../src/wire/packing.ts";
import type { Schema } from "../src/wire/schema.ts";
import { parseSchema } from "../src/wire/schemawire.ts";
import { Writer } from "../src/wire/writer.ts";
import { flyShip, type Ship } from "./arena.ts";
import { snapshot } from "./encode.ts";
import { unhex } from "./golden.ts";
import { data } from "./recording.ts";
import type { Host, Peer, World } from "./world.ts";

const player = 1;
const ahead = 64;
const maxCatchUp = 4;

interface Entry {
  seq: number;
  tick: number;
  cells: Cells | undefined; // of an entry; a command has none
  name: string;
}

/** A server of arena's schema with one seat: its player's ship, and one that flies by itself. */
export class Server implements Host {
  readonly schema: Schema;
  readonly step: number; // ms
  tick = 0;
  keyframes = 0;
  /** Numbers of inputs and commands, as they were applied. */
  readonly applied: number[] = [];
  readonly names: string[] = [];
  faults: string[] = [];
  gone = 0; // slow or silent connections that were closed
  sum = true; // checks are right
  acks = 0; // messages of nothing but an ack
  ackEvery: number | undefined; // what checks say
  tokenLeft = 0; // ms, as welcomes say; 0: nothing, as older servers do
  /** Judges a new token: ms left, and why it is refused. A client may send none without it. */
  renew: ((token: string) => [number, string]) | undefined;
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly frames = new Map<number, Frame>();
  private readonly shape: Shape;
  private readonly ships: number;
  private rows: Cells[] = [];
  private ids: number[] = [];
  private readonly packing: Packing;
  private readonly log = new InputDigest();
  private held: Cells = [0, 0, 0];
  private queue: Entry[] = [];
  private added = 0;
  private slack: number | undefined;
  private conn: Connection | undefined;
  private known = false;
  private nudge = 0;
  private shift = 0; // ms of match time that were dropped
  /** Its client is a spectator. */
  watched = false;
  /** The server stands still. */
  paused = false;
  /** A large state is on its way: no other message comes before it. */
  stuck = false;
  late = 0; // entries applied after their tick

  constructor(
    private readonly world: World,
    schema: string = data("arena").schema, // hex
  ) {
    this.bytes = Uint8Array.from(unhex(schema));
    this.schema = parseSchema(this.bytes);
    this.step = 1000 / this.schema.tickRate;
    this.packing = new Packing(this.schema.input);
    this.ships = this.schema.tables.findIndex((t) => t.name === "Ships");
    this.shape = new Shape(this.schema.tables[this.ships]!);
    this.spawn(1, player, 300, 300);
    this.spawn(2, 2, 800, 200);
    world.after(this.step, () => this.run());
  }

  private spawn(id: number, owner: number, X: number, Y: number): void {
    this.ids.push(id);
    const none = this.shape.schema.fields.map(() => 0);
    this.rows.push(this.shape.cells({ Player: owner, X, Y, HP: 3 }, none));
  }

  /** Pushes the player's ship, as something the client cannot foresee. */
  push(by: number): void {
    this.nudge += by;
  }

  /** Where a ship is now. */
  ship(id: number): Ship & { X: number } {
    return this.shape.object(id, this.rows[this.ids.indexOf(id)]!) as Ship;
  }

  /** When a tick is due. */
  private due(tick: number): number {
    return this.shift + tick * this.step;
  }

  /** Makes the steps that are due: at most four, what the server is late beyond that it drops. */
  private run(): void {
    const { now } = this.world;
    if (this.paused) {
      this.world.after(1, () => this.run());
      return;
    }
    const late = now - this.due(this.tick + maxCatchUp + 1);
    if (late >= 0) this.shift += (Math.floor(late / this.step) + 1) * this.step;
    const { snapshotRate: n, tickRate: d } = this.schema;
    let owed = false;
    do {
      this.tick++;
      owed ||= Math.floor((this.tick * n) / d) !== Math.floor(((this.tick - 1) * n) / d);
      this.turn();
    } while (this.due(this.tick + 1) <= now + 1e-6);
    if (owed && !this.stuck) this.conn?.send();
    this.world.after(this.due(this.tick + 1) - now, () => this.run());
  }

  private turn(): void {
    this.take();
    this.rows = this.rows.map((cells, k) => this.fly(this.ids[k]!, cells));
    const tables = this.schema.tables.map((t, i) => {
      if (i === this.ships) return { ids: this.ids, rows: this.rows.map((c) => this.seen(c)) };
      return t.single ? { ids: [1], rows: [t.name === "Field" ? [1152, 648] : t.fields.map(() => 1)] } : noRows;
    });
    this.frames.set(this.tick, { tick: this.tick, from: 0, tables });
    this.frames.delete(this.tick - 64);
  }

  private seen(cells: Cells): Cells {
    const { public: shared, owner } = this.shape.schema;
    return cells[owner] === player ? cells : cells.map((c, k) => (k < shared ? c : 0));
  }

  private fly(id: number, cells: Cells): Cells {
    const row = { id } as unknown as Ship;
    this.shape.fill(row as never, (k) => read(this.shape.schema.fields[k]!, cells[k]!));
    const [thrust, turn, fire] = id === 1 ? this.held : [1, this.tick % 90 < 45 ? 1 : -1, 0];
    flyShip(row, { Thrust: Number(thrust), Turn: Number(turn), Fire: fire === 1 }, { dt: this.step / 1000, tick: this.tick });
    if (id === 1) row.X += this.nudge;
    if (id === 1) this.nudge = 0;
    return this.shape.cells(row as never, cells);
  }

  private take(): void {
    for (let entries = 0; this.queue.length > 0; ) {
      const e = this.queue[0]!;
      if (e.cells && (entries > 0 || e.tick > this.tick)) return;
      this.queue.shift();
      this.applied.push(e.seq);
      if (e.cells) {
        entries++;
        if (e.tick < this.tick) this.late++;
        this.held = e.cells;
        this.log.input(this.packing, e.cells);
      } else {
        this.names.push(e.name);
        this.log.command(0, this.schema.commands[0]!, [e.name]);
      }
    }
  }

  private add(e: Entry): void {
    if (e.seq <= this.added) return;
    if (e.seq !== this.added + 1) this.faults.push(`gap: ${e.seq} after ${this.added}`);
    this.added = e.seq;
    e.tick = Math.min(e.tick, this.tick + ahead);
    this.queue.push(e);
    if (!e.cells) return;
    const early = Math.floor(this.due(e.tick) - this.world.now);
    this.slack = Math.min(this.slack ?? Infinity, Math.max(-500, Math.min(500, early)));
  }

  opened(p: Peer): void {
    this.conn = new Connection(this, p);
  }

  closed(p: Peer): void {
    if (this.conn?.peer === p) this.conn = undefined;
  }

  message(p: Peer, b: Uint8Array<ArrayBuffer>): void {
    if (this.conn?.peer === p) this.conn.message(b);
  }

  /** What connections need; see Connection. */
  readonly inside = {
    frame: (tick: number) => this.frames.get(tick),
    since: () => Math.max(this.world.now - this.due(this.tick), 0) * 1000,
    now: () => this.world.now,
    add: (e: Entry) => this.add(e),
    taken: () => this.added,
    schema: () => this.bytes,
    resumes: () => {
      const was = this.known;
      this.known = true;
      return was;
    },
    status: () => {
      const { slack } = this;
      this.slack = undefined;
      return { slack, ackSeq: this.applied.at(-1) ?? 0, applied: this.log.count, hash: this.log.hash };
    },
  };
}

const resumeID = Uint8Array.from({ length: 16 }, (_, k) => k + 1);

/** One connection to the server. */
class Connection {
  private base: Frame | undefined;
  private prev: Frame | undefined;
  private chained = false;
  private ackSeq = 0;
  private welcomed = false;
  private unacked: number[] = [];
  private lastAck: number;
  private seq = 0;
  private tick = 0;
  private sent = 0;

  constructor(
    private readonly server: Server,
    readonly peer: Peer,
  ) {
    this.lastAck = server.inside.now();
  }

  message(b: Uint8Array<ArrayBuffer>): void {
    const [kind, ...items] = decode(b) as [number, ...(number | null)[]];
    switch (kind) {
      case Kind.hello:
        return this.hello(items);
      case Kind.inputs:
        return this.inputs(items);
      case Kind.ack:
        this.server.acks++;
        return this.ack(items[0]!);
      case Kind.command:
        this.seq = items[0] ?? this.seq + 1;
        return this.server.inside.add({ seq: this.seq, tick: 0, cells: undefined, name: new TextDecoder().decode(items[2] as never) });
      case Kind.renew: {
        if (!this.server.renew) break;
        const [left, refusal] = this.server.renew(new TextDecoder().decode(items[0] as never));
        const w = new Writer(3, Kind.renewed).int(left);
        return this.peer.send((refusal ? w.text(refusal) : w.nil()).bytes());
      }
      case Kind.ping: {
        const pong = new Writer(4, Kind.pong).int(items[0]!).int(this.server.tick).int(Math.floor(this.server.inside.since()));
        if (!this.server.stuck) this.peer.send(pong.bytes());
        return;
      }
    }
    this.server.faults.push(`kind ${kind}`);
  }

  private hello([, hash, resume, last]: (number | null)[]): void {
    const { watched } = this.server;
    const again = resume !== null && this.server.inside.resumes();
    this.server.inside.resumes();
    this.base = again && last ? this.server.inside.frame(last) : undefined;
    const s = this.server.schema;
    const who = new Writer(15, Kind.welcome).int(1).int(watched ? 0 : player);
    const w = (watched ? who.nil() : who.bin(resumeID)).int(this.server.tick).int(s.tickRate).int(s.snapshotRate);
    w.int(3).int(this.server.inside.taken()).int(again ? (this.base ? 1 : 2) : 0);
    const tail = new Writer(0, 0).text("m").int(Math.floor(this.server.inside.since())).int(30_000).int(this.server.tokenLeft).bytes().subarray(2);
    const schema = hash === null ? this.server.inside.schema() : Uint8Array.of(0xc0);
    this.peer.send(Uint8Array.of(...w.bytes(), ...schema, ...tail));
    this.welcomed = true;
  }

  private inputs([seq, ack, ...rest]: (number | null)[]): void {
    if (ack !== null) this.ack(ack!);
    if (seq !== null) this.tick = 0;
    this.seq = (seq ?? this.seq + 1) - 1;
    for (let k = 0; k < rest.length; k += 3) {
      this.tick += rest[k]!;
      const n = rest[k + 2]!;
      const cells = [(n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9)];
      this.server.inside.add({ seq: ++this.seq, tick: this.tick, cells, name: "" });
    }
  }

  private ack(tick: number): void {
    this.lastAck = this.server.inside.now();
    if (tick === 0) {
      this.base = this.prev = undefined;
      this.chained = false;
    }
    this.unacked = this.unacked.filter((t) => t > tick);
  }

  /** Sends the newest state, unless too much is on its way. */
  send(): void {
    if (!this.welcomed) return;
    if (this.unacked.length > 0 && this.server.inside.now() - this.lastAck > 5000) {
      this.server.gone++;
      this.welcomed = false;
      this.peer.close(4000, "");
      return;
    }
    if (this.unacked.length >= 24) return;
    const { schema, tick, watched } = this.server;
    const now = this.server.inside.frame(tick)!;
    const st = this.server.inside.status();
    const base = this.base && this.server.inside.frame(this.base.tick) ? this.base : undefined;
    if (!base) this.server.keyframes++;
    const relative = this.chained && base !== undefined;
    const prev = relative && this.prev && tick - base.tick <= 31 && base.tick - this.prev.tick <= 31 ? this.prev : undefined;
    const sum = frameSum(schema, now, watched ? 0 : player) ^ (this.server.sum ? 0 : 1);
    const check = this.sent++ % 30 === 29 ? { applied: st.applied, hash: st.hash, sum: sum >>> 0, ackEvery: this.server.ackEvery } : undefined;
    const ackSeq = relative ? st.ackSeq - this.ackSeq : st.ackSeq;
    const b = snapshot(schema, now, base, prev, { absolute: !relative, ackSeq, slack: st.slack, player: watched ? 0 : player, ...(check && { check }) });
    this.ackSeq = st.ackSeq;
    this.prev = base;
    this.base = now;
    this.chained = true;
    this.unacked.push(tick);
    this.lastAck = this.unacked.length === 1 ? this.server.inside.now() : this.lastAck;
    this.peer.send(b);
  }
}
