import { Backoff } from "../core/backoff.ts";
import { Seat } from "../core/seat.ts";
import type { Received } from "../core/receive.ts";
import type { Environment, PageEvent, Transport } from "../platform/environment.ts";
import { Conn, subprotocol } from "./conn.ts";
import { ended, type Ended, type Phase, type Status } from "./status.ts";
import { appendRenew } from "../wire/renew.ts";
import { playURL, tokens, type Target, type Tokens } from "./target.ts";

/** A target and the platform to reach it with. */
export interface ClientConfig extends Target {
  readonly transport: Transport;
  readonly environment: Environment;
}

const minRenewal = 1000; // ms that a session has to last for its token to be renewed

/** Keeps a seat connected: connects, resumes the session after a drop, renews its token, reports its status. */
export class Client {
  readonly seat = new Seat();
  status!: Status;
  onStatus: (s: Status) => void = () => {};
  onReceived: (r: Received, bytes: number) => void = () => {};

  #conn: Conn | undefined;
  #retry: unknown;
  #renewal: unknown;
  #played = false; // has been in a match
  readonly #backoff: Backoff;
  readonly #tokens: Tokens;
  readonly #unwatchPage: () => void;

  readonly #config: ClientConfig;
  readonly #env: Environment;

  constructor(config: ClientConfig) {
    this.#setStatus("connecting");
    this.#config = config;
    this.#env = config.environment;
    this.#backoff = new Backoff(this.#env.random);
    this.#tokens = tokens(config, this.#env);
    this.#unwatchPage = this.#env.page((e) => this.#page(e));
  }

  /** The client's clock, in ms. */
  now(): number {
    return this.#env.now();
  }

  /** Starts an attempt to connect now. */
  connect(): void {
    this.#env.clearTimeout(this.#retry);
    this.#retry = undefined; // one attempt at a time
    this.#open().catch((e: Error) => this.#ended({ code: 0, reason: `Joining failed: ${e.message}`, action: "resume" }, false));
  }

  async #open(): Promise<void> {
    const config = this.#config;
    const { seat } = this;
    const match = this.#phase() === "resuming" ? seat.welcome?.match : undefined;
    const url = playURL(config, this.#env, match);
    const token = await this.#tokens.next();
    if (this.status.phase === "closed") return;
    const socket = config.transport(url, token ? [subprotocol, `token.${token}`] : [subprotocol]);
    this.#conn = new Conn(seat, socket, this.#env, {
      received: (r, bytes) => this.#received(r, bytes),
      ended: (why, opened) => this.#ended(why, opened),
    });
  }

  /** Sends pending messages now, without waiting for the next tick. */
  flush(): void {
    this.#conn?.pump();
  }

  /** Drops the connection abruptly, as a network failure would. */
  drop(): void {
    this.#conn?.close(ended(1006));
  }

  /** Closes the client for good. */
  leave(why?: Ended): void {
    if (this.status.phase === "closed") return;
    this.#setStatus("closed", why);
    this.#env.clearTimeout(this.#retry);
    this.#unwatchPage();
    this.#conn?.close(ended(1000), 1000);
    this.seat.disconnected();
    this.seat.predict(undefined);
  }

  #received(r: Received, bytes: number): void {
    if (this.seat.playing && this.status.phase !== "playing") {
      this.#played = true;
      this.#backoff.opened(this.now());
      this.#setStatus("playing");
    }
    if (r.left) this.#renew(r.left, r.refusal);
    this.onReceived(r, bytes);
  }

  /** Schedules a new token well before the session ends, in left ms; after a failure, sooner. */
  #renew(left: number, failed: unknown): void {
    const conn = this.#conn!;
    const wait = Math.min(left, 2 ** 31) * ((failed ? 0.2 : 0.7) + this.#env.random() / 10);
    this.#env.clearTimeout(this.#renewal);
    if (left < minRenewal || !this.#config.getToken) return;
    this.#renewal = this.#env.setTimeout(() => {
      this.#tokens.next().then(
        (token) => conn.send(appendRenew(token)),
        () => conn === this.#conn && this.#renew(left - wait, true),
      );
    }, wait);
  }

  /** A connection or an attempt to connect ended. */
  #ended(why: Ended, opened: boolean): void {
    this.#conn = undefined;
    this.#env.clearTimeout(this.#renewal);
    this.seat.disconnected();
    if (this.status.phase === "closed") return;
    if (why.code === 4209 && this.#config.getToken) why = { ...why, action: "resume" };
    if (!opened && !this.#played) {
      const reason = why.code === 1006 ? "The server could not be reached or refused the connection." : why.reason;
      why = { ...why, reason, action: "give up" };
    }
    if (why.action === "give up") {
      this.leave(why);
      return;
    }
    if (why.action === "reconnect") this.seat.leave();
    if (!opened) this.#tokens.lapsed().then((yes) => yes && this.seat.leave(), () => {}); // offline: unknown
    const wait = this.#backoff.failed(this.now());
    this.#retry = this.#env.setTimeout(() => this.connect(), wait);
    this.#setStatus(this.#phase(), why, wait);
  }

  /** The phase while the next connection is being made. */
  #phase(): Phase {
    if (!this.#played) return "connecting";
    return this.seat.canResume ? "resuming" : "reconnecting";
  }

  #setStatus(phase: Phase, why?: Ended, retryIn = 0): void {
    this.status = { phase, reason: why?.reason ?? "", code: why?.code ?? 0, action: why?.action, retryIn };
    this.onStatus(this.status);
  }

  /** The page was shown again, or the network came or went: check the connection, or connect at once. */
  #page(e: PageEvent): void {
    if (e === "hidden") return;
    if (this.#conn) this.#conn.probe();
    else if (this.#retry !== undefined && e !== "offline") this.connect();
  }
}
