import { Backoff } from "../core/backoff.ts";
import { Seat } from "../core/seat.ts";
import type { Received } from "../core/receive.ts";
import type { Environment, PageEvent, Transport } from "../platform/environment.ts";
import { Conn, subprotocol } from "./conn.ts";
import { ended, reasonIn, type Ended, type Phase, type Status } from "./status.ts";
import { appendRenew } from "../wire/renew.ts";
import { playURL, tokens, type Refusal, type Target, type Tokens } from "./target.ts";

/** A target and the platform to reach it with. */
export interface ClientConfig extends Target {
  readonly transport: Transport;
  readonly environment: Environment;
}

const mostRefusals = 3; // connections refused in a row, while the server answers over HTTP, until a client gives up
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
  #token = ""; // of the newest attempt to connect
  #tokensRefused = 0; // in a row
  #refusals = 0; // in a row, of connections to a server that has nothing against the client
  #attempt = 0; // counts the attempts to connect
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
    const attempt = ++this.#attempt;
    this.#open().catch((e: unknown) => {
      if (attempt !== this.#attempt || this.#conn) return;
      const what = e instanceof Error ? e.message : String(e ?? "getToken failed.");
      this.#gone({ code: 0, reason: `Joining failed: ${what}`, action: "resume" }, true);
    });
  }

  async #open(): Promise<void> {
    const config = this.#config;
    const { seat } = this;
    const url = playURL(config, this.#env, seat.welcome?.match);
    const attempt = this.#attempt;
    const token = await this.#tokens.next();
    if (this.status.phase === "closed" || attempt !== this.#attempt) return;
    this.#token = token;
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
      this.#refusals = this.#tokensRefused = 0;
      this.#setStatus("playing");
      if (!this.#conn) return; // onStatus left
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
    if (opened || why.code !== 1006) {
      this.#gone(why.code === 4209 && this.#config.getToken ? { ...why, action: "resume" } : why, false);
      return;
    }
    // Browsers don't say why a WebSocket was refused.
    const attempt = ++this.#attempt;
    if (this.#played) this.#setStatus(this.#phase(), why);
    void this.#tokens.refusal(this.#token).then((r) => {
      if (this.status.phase !== "closed" && attempt === this.#attempt) this.#refused(why, r);
    });
  }

  /** A WebSocket was refused; the server said r about it over HTTP. */
  #refused(why: Ended, r: Refusal): void {
    switch (r.kind) {
      case "unreachable":
        this.#gone(this.#played ? why : { ...why, reason: "The server could not be reached, or does not let pages of this origin connect." }, true);
        return;
      case "token": {
        const another = this.#tokens.refused(this.#token) && this.#tokensRefused++ === 0;
        const reason = `The server refused the token: ${r.reason}`;
        if (another && !this.#config.getToken) this.seat.leave(); // it was another guest's
        this.#gone({ code: why.code, reason, action: another ? "resume" : "give up" }, false);
        return;
      }
      case "busy":
        this.#gone({ code: why.code, reason: `The server is busy: ${r.reason}`, action: "resume" }, false, r.after);
        return;
      case "none":
        if (this.#played || ++this.#refusals < mostRefusals) this.#gone(why, false);
        else this.#gone({ ...why, reason: "The server answers but refused the connection; a program between you and the server may block WebSockets.", action: "give up" }, false);
    }
  }

  /** Tries again after a while, at least atLeast ms, or gives up. */
  #gone(why: Ended, unreachable: boolean, atLeast = 0): void {
    if (this.status.phase === "closed") return;
    if (unreachable && !this.#played) why = { ...why, action: "give up" };
    if (why.action === "give up") {
      this.leave(why);
      return;
    }
    if (why.action === "reconnect") this.seat.leave();
    const wait = Math.max(this.#backoff.failed(this.now(), unreachable), atLeast);
    this.#env.clearTimeout(this.#retry);
    this.#retry = this.#env.setTimeout(() => this.connect(), wait);
    this.#setStatus(this.#phase(), why, wait);
  }

  /** The phase while the next connection is being made. */
  #phase(): Phase {
    if (!this.#played) return "connecting";
    return this.seat.canResume ? "resuming" : "reconnecting";
  }

  #setStatus(phase: Phase, why?: Ended, retryIn = 0): void {
    this.status = { phase, reason: reasonIn(phase, why?.reason ?? ""), code: why?.code ?? 0, action: why?.action, retryIn };
    this.onStatus(this.status);
  }

  /** The page was shown again, or the network came or went: check the connection, or connect at once. */
  #page(e: PageEvent): void {
    if (e === "hidden") return;
    if (this.#conn) this.#conn.probe();
    else if (this.#retry !== undefined && e !== "offline") this.connect();
  }
}
