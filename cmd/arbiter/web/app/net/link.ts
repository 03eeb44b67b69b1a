// Fault injection: a WebSocket through a simulated network. Messages are delayed, in
// order, in both directions, and the connection can be cut abruptly.

import type { Socket } from "arbiter-client";

/** The network conditions to simulate, in milliseconds. */
export interface Conditions {
  latency: number; // added to a round trip
  jitter: number;  // up to this much more, at random
  stall: number;   // every few seconds, nothing passes for this long
}

/** Milliseconds after a cut in which no new connection opens. */
const outage = 700;
/** Milliseconds after a cut at which the server's end is closed: until then it learns nothing. */
const closeDelay = 15_000;

/** One client's simulated network. It outlives its sockets. */
export class Link {
  readonly conditions: Conditions = { latency: 0, jitter: 0, stall: 0 };
  drops = 0;
  /** The last socket closed without having opened: the token may no longer be valid. */
  refused = false;
  private sockets = new Set<LinkSocket>();
  private stalledUntil = 0;
  private nextStall = 0;
  private outUntil = 0;

  /** Opens a connection through this link. */
  readonly open = (url: string, protocols: string[]): Socket => {
    const socket = new LinkSocket(this, url, protocols);
    this.sockets.add(socket);
    return socket;
  };

  /** Cuts every connection abruptly: neither end receives a close frame. */
  drop(): void {
    this.drops++;
    this.outUntil = performance.now() + outage;
    for (const socket of this.sockets) socket.cut();
    this.sockets.clear();
  }

  remove(socket: LinkSocket): void { this.sockets.delete(socket); }

  /** Milliseconds until a new connection can open. */
  get closedFor(): number { return Math.max(this.outUntil - performance.now(), 0); }

  /** The earliest time at which a message may pass. */
  passesAt(now: number): number {
    if (this.conditions.stall <= 0) {
      this.nextStall = 0;
      return 0;
    }
    if (this.nextStall === 0) this.nextStall = now + 1000;
    if (now >= this.nextStall) {
      this.stalledUntil = now + this.conditions.stall;
      this.nextStall = this.stalledUntil + 3000 + 2000 * Math.random();
    }
    return this.stalledUntil;
  }

  /** The delay of one message in one direction. */
  delay(): number { return (this.conditions.latency + this.conditions.jitter * Math.random()) / 2; }
}

/** The messages of one direction: first in, first out, each delayed. */
class Queue<T> {
  private waiting: { due: number; item: T }[] = [];
  private timer = 0;
  constructor(private link: Link, private deliver: (item: T) => void) {}

  push(item: T): void {
    const now = performance.now();
    const last = this.waiting.at(-1)?.due ?? 0;
    const due = Math.max(now + this.link.delay(), this.link.passesAt(now), last);
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
      const wait = Math.max(next.due, this.link.passesAt(now)) - now;
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

/** A socket whose messages pass through a link. */
class LinkSocket implements Socket {
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

  constructor(private link: Link, url: string, protocols: string[]) {
    this.outward = new Queue(link, (b) => { if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(b); });
    this.inward = new Queue(link, (m) => this.receive(m));
    this.opening = window.setTimeout(() => this.connect(url, protocols), link.closedFor + link.conditions.latency);
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

  /** Sends a copy: the caller may reuse its buffer before this is sent. */
  send(data: Uint8Array): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.outward.push(new Uint8Array(data));
  }

  /** Closes at once, without the delay: the page may be closing. */
  close(code?: number, reason?: string): void {
    clearTimeout(this.opening);
    if (this.socket) this.socket.close(code, reason);
    else this.receive(lost);
  }

  /** Cuts the connection. The server's end stays open for a while, as after a network failure. */
  cut(): void {
    this.cutOff = true;
    clearTimeout(this.opening);
    this.inward.clear();
    this.outward.clear();
    const socket = this.socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      setTimeout(() => socket.close(), closeDelay);
    }
    this.socket = null;
    this.receive(lost);
  }

  private receive(m: Inward): void {
    if (this.closed) return;
    if ("data" in m) {
      this.onmessage?.(m);
      return;
    }
    this.closed = true;
    if (!this.cutOff) this.link.refused = !this.opened;
    this.link.remove(this);
    this.onclose?.(m);
  }
}
