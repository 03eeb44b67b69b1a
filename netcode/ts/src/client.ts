import { Backoff } from "./core/backoff.ts";
import { Seat } from "./core/seat.ts";
import type { Received } from "./core/receive.ts";
import type { Environment, PageEvent, Transport } from "./environment.ts";
import { Line, subprotocol } from "./line.ts";
import { ended, type Ended, type Phase, type Status } from "./status.ts";
import { appendRenew } from "./wire/renew.ts";
import { playURL, tokens, type Target, type Tokens } from "./target.ts";

/** What a client needs beside its target. */
export interface ClientConfig extends Target {
  readonly transport: Transport;
  readonly environment: Environment;
}

const leastLeft = 1000; // ms in which a token can still be renewed

/** Keeps a seat connected, and says what it is doing. */
export class Client {
  readonly seat = new Seat();
  status!: Status;
  onStatus: (s: Status) => void = () => {};
  onReceived: (r: Received, bytes: number) => void = () => {};

  #line: Line | undefined;
  #retry: unknown;
  #renewal: unknown;
  #played = false;
  readonly #backoff: Backoff;
  readonly #tokens: Tokens;
  readonly #unwatch: () => void;

  readonly #config: ClientConfig;
  readonly #env: Environment;

  constructor(config: ClientConfig) {
    this.#enter("connecting");
    this.#config = config;
    this.#env = config.environment;
    this.#backoff = new Backoff(this.#env.random);
    this.#tokens = tokens(config, this.#env);
    this.#unwatch = this.#env.page((e) => this.#page(e));
  }

  /** The client's clock, in ms. */
  now(): number {
    return this.#env.now();
  }

  /** Connects, now. */
  connect(): void {
    this.#env.clearTimeout(this.#retry);
    this.#retry = undefined; // one attempt at a time
    this.#open().catch((e: Error) => this.#over({ code: 0, reason: `Joining failed: ${e.message}`, action: "resume" }, false));
  }

  async #open(): Promise<void> {
    const config = this.#config;
    const { seat } = this;
    const match = this.#phase() === "resuming" ? seat.welcome?.match : undefined;
    const url = playURL(config, this.#env, match);
    const token = await this.#tokens.next();
    if (this.status.phase === "closed") return;
    const socket = config.transport(url, token ? [subprotocol, `token.${token}`] : [subprotocol]);
    this.#line = new Line(seat, socket, this.#env, {
      received: (r, bytes) => this.#received(r, bytes),
      ended: (why, opened) => this.#over(why, opened),
    });
  }

  /** Sends what is new before the next tick does: commands. */
  flush(): void {
    this.#line?.turn();
  }

  /** Cuts the connection, as a bad network would. */
  drop(): void {
    this.#line?.close(ended(1006));
  }

  /** Ends the client for good. */
  leave(why?: Ended): void {
    if (this.status.phase === "closed") return;
    this.#enter("closed", why);
    this.#env.clearTimeout(this.#retry);
    this.#unwatch();
    this.#line?.close(ended(1000), 1000);
    this.seat.disconnected();
    this.seat.predict(undefined);
  }

  #received(r: Received, bytes: number): void {
    if (this.seat.playing && this.status.phase !== "playing") {
      this.#played = true;
      this.#backoff.opened(this.now());
      this.#enter("playing");
    }
    if (r.left) this.#renew(r.left, r.refusal);
    this.onReceived(r, bytes);
  }

  /** Sends the next token well before the session ends, in left ms; or again, if it failed, while there is time. */
  #renew(left: number, failed: unknown): void {
    const line = this.#line!;
    const wait = Math.min(left, 2 ** 31) * ((failed ? 0.2 : 0.7) + this.#env.random() / 10);
    this.#env.clearTimeout(this.#renewal);
    if (left < leastLeft || !this.#config.getToken) return;
    this.#renewal = this.#env.setTimeout(() => {
      this.#tokens.next().then(
        (token) => line.send(appendRenew(token)),
        () => line === this.#line && this.#renew(left - wait, true),
      );
    }, wait);
  }

  /** A connection, or an attempt at one, ended. */
  #over(why: Ended, opened: boolean): void {
    this.#line = undefined;
    this.#env.clearTimeout(this.#renewal);
    this.seat.disconnected();
    if (this.status.phase === "closed") return;
    if (why.code === 4209 && this.#config.getToken) why = { ...why, action: "resume" };
    if (!opened && !this.#played) {
      const reason = why.code === 1006 ? "The server could not be reached, or refused." : why.reason;
      why = { ...why, reason, action: "give up" };
    }
    if (why.action === "give up") {
      this.leave(why);
      return;
    }
    if (why.action === "reconnect") this.seat.leave();
    if (!opened) this.#tokens.lapsed().then((yes) => yes && this.seat.leave(), () => {}); // offline: nothing is known
    const wait = this.#backoff.failed(this.now());
    this.#retry = this.#env.setTimeout(() => this.connect(), wait);
    this.#enter(this.#phase(), why, wait);
  }

  /** The phase of the connection to come. */
  #phase(): Phase {
    if (!this.#played) return "connecting";
    return this.seat.canResume ? "resuming" : "reconnecting";
  }

  #enter(phase: Phase, why?: Ended, retryIn = 0): void {
    this.status = { phase, reason: why?.reason ?? "", code: why?.code ?? 0, action: why?.action, retryIn };
    this.onStatus(this.status);
  }

  /** The page was shown again, or the network came or went: what was true before may not be. */
  #page(e: PageEvent): void {
    if (e === "hidden") return;
    if (this.#line) this.#line.probe();
    else if (this.#retry !== undefined && e !== "offline") this.connect();
  }
}
