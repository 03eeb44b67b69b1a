import type { Environment, PageEvent, Socket, Transport } from "../src/platform/environment.ts";

// A network and a browser in virtual time, as netcodetest has them for Go.

/** Network conditions of a link. Times are in ms. */
export interface Conditions {
  delay: number;
  jitter: number; // up to this much more, in order
  stallEvery?: number; // mean ms between stalls
  stall?: number;
}

/** Timers and the clock they run by. */
export class World {
  now = 0;
  private timers: { at: number; n: number; f: () => void }[] = [];
  private count = 0;
  private readonly listeners = new Set<(e: PageEvent) => void>();
  /** A hidden tab's timers fire on whole multiples of this. */
  throttle = 0;

  constructor(readonly random: () => number) {}

  /** Calls f in ms, throttled or not. */
  after(ms: number, f: () => void): number {
    this.count++;
    this.timers.push({ at: this.now + Math.max(ms, 0), n: this.count, f });
    return this.count;
  }

  cancel(n: unknown): void {
    this.timers = this.timers.filter((t) => t.n !== n);
  }

  /** Runs everything that is due in the next ms, and what promises wait for it. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      for (let k = 0; k < 4; k++) await Promise.resolve();
      let next = -1;
      this.timers.forEach((t, k) => {
        const best = this.timers[next];
        if (t.at <= end && (!best || t.at < best.at || (t.at === best.at && t.n < best.n))) next = k;
      });
      if (next < 0) break;
      const [timer] = this.timers.splice(next, 1);
      this.now = Math.max(this.now, timer!.at);
      timer!.f();
    }
    this.now = end;
  }

  page(e: PageEvent): void {
    for (const f of this.listeners) f(e);
  }

  environment(): Partial<Environment> {
    return {
      now: () => this.now + 5000, // clocks of different machines have nothing in common
      setTimeout: (f, ms) => {
        const at = this.now + ms;
        return this.after(this.throttle > 0 ? Math.ceil(at / this.throttle) * this.throttle - this.now : ms, f);
      },
      clearTimeout: (n) => this.cancel(n),
      random: this.random,
      fetch: () => Promise.reject(new TypeError("Failed to fetch")),
      origin: "http://test",
      page: (f) => {
        this.listeners.add(f);
        return () => this.listeners.delete(f);
      },
    };
  }
}

/** What holds messages up at the receiving end, until it is let go. */
export class Gate {
  private held: (() => void)[] | undefined;

  pass(f: () => void): void {
    if (this.held) this.held.push(f);
    else f();
  }

  close(): void {
    this.held ??= [];
  }

  open(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const f of held) f();
  }
}

/** One direction of a connection. */
class LinkQueue {
  private last = 0;
  private stallAt: number;

  constructor(
    private readonly world: World,
    private readonly conditions: Conditions,
    private readonly deliver: (b: Uint8Array<ArrayBuffer>) => void,
  ) {
    this.stallAt = this.nextStall(world.now);
  }

  send(b: Uint8Array<ArrayBuffer>): void {
    const { now, random } = this.world;
    let at = Math.max(now + this.conditions.delay + random() * this.conditions.jitter, this.last);
    const stall = this.conditions.stall ?? 0;
    while (at > this.stallAt + stall) this.stallAt = this.nextStall(this.stallAt + stall);
    if (at > this.stallAt) at = this.stallAt + stall;
    this.last = at;
    this.world.after(at - now, () => this.deliver(b));
  }

  private nextStall(from: number): number {
    return this.conditions.stallEvery ? from - Math.log(1 - this.world.random()) * this.conditions.stallEvery : Infinity;
  }
}

/** What serves a connection. */
export interface Host {
  opened(c: Peer): void;
  message(c: Peer, b: Uint8Array<ArrayBuffer>): void;
  closed(c: Peer): void;
}

/** The server's end of a connection. */
export interface Peer {
  send(b: Uint8Array<ArrayBuffer>): void;
  close(code: number, reason: string): void;
}

/** A network in front of a host. */
export class Network {
  connections = 0;
  refuse = false;
  sent = 0; // messages of the client
  readonly up = new Gate();
  readonly down = new Gate();
  private cuts = new Set<() => void>();

  constructor(
    private readonly world: World,
    readonly conditions: Conditions,
    private readonly host: Host,
  ) {}

  /** Cuts all connections abruptly. */
  cut(): void {
    for (const f of [...this.cuts]) f();
  }

  readonly transport: Transport = (_url, protocols) => {
    const { world, host } = this;
    let open = false;
    let over = false;
    const end = (code: number, reason: string) => {
      if (over) return;
      over = true;
      this.cuts.delete(cut);
      host.closed(peer);
      world.after(0, () => socket.onclose?.({ code, reason }));
    };
    const cut = () => end(1006, "");
    const down = new LinkQueue(world, this.conditions, (b) => {
      this.down.pass(() => void (over || socket.onmessage?.({ data: b.buffer })));
    });
    const up = new LinkQueue(world, this.conditions, (b) => {
      this.up.pass(() => void (over || host.message(peer, b)));
    });
    const peer: Peer = {
      send: (b) => down.send(b),
      close: (code, reason) => void world.after(this.conditions.delay, () => end(code, reason)),
    };
    const socket: Socket = {
      binaryType: "blob",
      protocol: protocols[0]!,
      send: (b) => {
        if (!open) throw new Error("sent before the socket was open");
        this.sent++;
        up.send(b.slice());
      },
      close: () => end(1000, ""),
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
    };
    this.connections++;
    this.cuts.add(cut);
    world.after(2 * this.conditions.delay, () => {
      if (this.refuse) {
        end(1006, "");
        return;
      }
      open = true;
      host.opened(peer);
      socket.onopen?.({});
    });
    return socket;
  };
}
