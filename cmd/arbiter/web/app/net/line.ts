// A line with weather: a WebSocket whose messages are late, in order, in both
// directions, and which can be cut as a network is cut: without a word.

import type { Socket } from "arbiter-client";

/** How bad the line is, in milliseconds. */
export interface Weather {
  latency: number; // added to a round trip
  jitter: number;  // up to so much more, at random
  stall: number;   // every few seconds nothing passes for so long
}

/** How long a cut keeps new connections from opening. */
const outage = 700;
/** After what time the far end of a cut connection is let go of. */
const forgotten = 15_000;

/** One client's network. Its sockets come and go; the weather stays. */
export class Line {
  readonly weather: Weather = { latency: 0, jitter: 0, stall: 0 };
  drops = 0;
  /** The last socket closed without having opened: perhaps the token is not good any more. */
  refused = false;
  private wires = new Set<Wire>();
  private stalledUntil = 0;
  private nextStall = 0;
  private outUntil = 0;

  /** Opens a connection through this line. */
  readonly open = (url: string, protocols: string[]): Socket => {
    const wire = new Wire(this, url, protocols);
    this.wires.add(wire);
    return wire;
  };

  /** Cuts every connection: nobody is told, neither here nor there. */
  drop(): void {
    this.drops++;
    this.outUntil = performance.now() + outage;
    for (const wire of this.wires) wire.cut();
    this.wires.clear();
  }

  forget(wire: Wire): void { this.wires.delete(wire); }

  /** Milliseconds until a new connection can open. */
  get closedFor(): number { return Math.max(this.outUntil - performance.now(), 0); }

  /** When something may pass at the earliest. */
  gate(now: number): number {
    if (this.weather.stall <= 0) {
      this.nextStall = 0;
      return 0;
    }
    if (this.nextStall === 0) this.nextStall = now + 1000;
    if (now >= this.nextStall) {
      this.stalledUntil = now + this.weather.stall;
      this.nextStall = this.stalledUntil + 3000 + 2000 * Math.random();
    }
    return this.stalledUntil;
  }

  /** The delay of one message in one direction. */
  delay(): number { return (this.weather.latency + this.weather.jitter * Math.random()) / 2; }
}

/** What passes in one direction: first in, first out, each in its time. */
class Queue<T> {
  private waiting: { due: number; item: T }[] = [];
  private timer = 0;
  constructor(private line: Line, private deliver: (item: T) => void) {}

  push(item: T): void {
    const now = performance.now();
    const last = this.waiting.at(-1)?.due ?? 0;
    const due = Math.max(now + this.line.delay(), this.line.gate(now), last);
    if (due <= now && this.waiting.length === 0) return this.deliver(item);
    this.waiting.push({ due, item });
    if (this.waiting.length === 1) this.arm(due - now);
  }

  private arm(ms: number): void { this.timer = window.setTimeout(() => this.run(), Math.max(ms, 0)); }

  private run(): void {
    for (;;) {
      const next = this.waiting[0];
      if (!next) return;
      const now = performance.now();
      const wait = Math.max(next.due, this.line.gate(now)) - now;
      if (wait > 0.5) return this.arm(wait);
      this.waiting.shift();
      this.deliver(next.item);
    }
  }

  clear(): void {
    clearTimeout(this.timer);
    this.waiting = [];
  }
}

type Inward = { data: ArrayBuffer } | { code: number; reason: string };

const lost = { code: 1006, reason: "" };

/** A socket of the line. */
class Wire implements Socket {
  binaryType: BinaryType = "arraybuffer";
  protocol = "";
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  onerror: Socket["onerror"] = null;
  private opened = false;
  private cutOff = false;
  private closed = false;
  private socket: WebSocket | null = null;
  private outward: Queue<Uint8Array<ArrayBuffer>>;
  private inward: Queue<Inward>;
  private opening: number;

  constructor(private line: Line, url: string, protocols: string[]) {
    this.outward = new Queue(line, (b) => { if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(b); });
    this.inward = new Queue(line, (m) => this.take(m));
    this.opening = window.setTimeout(() => this.connect(url, protocols), line.closedFor + line.weather.latency);
  }

  private connect(url: string, protocols: string[]): void {
    const socket = this.socket = new WebSocket(url, protocols);
    socket.binaryType = "arraybuffer";
    socket.onopen = (e) => {
      this.protocol = socket.protocol;
      this.opened = true;
      this.onopen?.(e);
    };
    socket.onmessage = (e) => this.inward.push({ data: e.data as ArrayBuffer });
    socket.onclose = (e) => this.inward.push({ code: e.code, reason: e.reason });
  }

  /** Sends a copy: the caller may write into its buffer again before this is due. */
  send(data: Uint8Array): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.outward.push(new Uint8Array(data));
  }

  /** A goodbye hurries: the page may be closing. */
  close(code?: number, reason?: string): void {
    clearTimeout(this.opening);
    if (this.socket) this.socket.close(code, reason);
    else this.take(lost);
  }

  /** Silence from now on. The other end is left believing in it for a while. */
  cut(): void {
    this.cutOff = true;
    clearTimeout(this.opening);
    this.inward.clear();
    this.outward.clear();
    const socket = this.socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      setTimeout(() => socket.close(), forgotten);
    }
    this.socket = null;
    this.take(lost);
  }

  private take(m: Inward): void {
    if (this.closed) return;
    if ("data" in m) {
      this.onmessage?.(m);
      return;
    }
    this.closed = true;
    if (!this.cutOff) this.line.refused = !this.opened;
    this.line.forget(this);
    this.onclose?.(m);
  }
}
