import { next, wake } from "../core/send.ts";
import { receive, type Received } from "../core/receive.ts";
import type { Seat } from "../core/seat.ts";
import type { Environment, Socket } from "../platform/environment.ts";
import { report } from "../platform/report.ts";
import { Kind, kindOf, ProtocolError } from "../wire/message.ts";
import { ended, type Ended } from "./status.ts";

/** What the client offers; the server has to choose it. */
export const subprotocol = "arbiter.v1";

const openTimeout = 10_000; // ms until the welcome
const silence = 5000; // ms without a message after which the connection counts as lost; the server sends one each second
const firstState = 60_000; // ms that the first snapshot may take: it can be large, and only whole messages can be seen
const grace = 2000; // ms to wait for a message when the connection may be dead

/** Receives what happens on a connection. */
export interface Listener {
  received(r: Received, bytes: number): void;
  ended(e: Ended, opened: boolean): void;
}

/** One connection of a seat: the socket, and the timer that drives the seat. */
export class Conn {
  #opened = false;
  #over = false;
  #began = false; // a snapshot came
  #timer: unknown;
  #bye: Ended | undefined;
  #deadline: number; // for the next message
  #ranAt: number; // when the timer or a message last ran
  #extended = false; // the deadline was extended, and nothing came since

  readonly #seat: Seat;
  readonly #socket: Socket;
  readonly #env: Environment;
  readonly #listener: Listener;

  constructor(
    seat: Seat,
    socket: Socket,
    env: Environment,
    listener: Listener,
  ) {
    this.#seat = seat;
    this.#socket = socket;
    this.#env = env;
    this.#listener = listener;
    this.#ranAt = env.now();
    this.#deadline = this.#ranAt + openTimeout;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#open();
    socket.onmessage = (e: { data: ArrayBuffer }) => this.#message(e.data);
    socket.onclose = (e: { code: number; reason: string }) => this.#end(this.#bye ?? ended(e.code, e.reason));
    socket.onerror = () => this.#end(this.#bye ?? ended(1006)); // some hosts send no close after an error
    this.#arm(openTimeout);
  }

  /** Closes the connection. */
  close(why: Ended, code = 4000): void {
    if (this.#over) return;
    this.#socket.close(code);
    this.#end(why);
  }

  /** Sends a message if the connection is still open. */
  send(b: Uint8Array<ArrayBuffer>): void {
    if (!this.#over) this.#socket.send(b);
  }

  /** Sends a ping and shortens the deadline: the connection may be dead. */
  probe(): void {
    if (!this.#seat.playing) return;
    this.#deadline = Math.min(this.#deadline, this.#env.now() + grace);
    this.#seat.pingAt = 0;
    this.pump();
  }

  /** Advances the seat to now and sends what is due. */
  pump(): void {
    if (this.#over || !this.#opened) return;
    const now = this.#env.now();
    this.#ranAt = now;
    this.#seat.advance(now);
    for (let b = next(this.#seat, now); b && !this.#over; b = next(this.#seat, now)) this.#socket.send(b);
    if (!this.#over) this.#arm(Math.min(wake(this.#seat, now), this.#deadline - now));
  }

  #open(): void {
    if (this.#over) return;
    if (this.#socket.protocol !== subprotocol) {
      this.close(ended(1002, `the server does not support ${subprotocol}`));
      return;
    }
    this.#opened = true;
    this.#socket.send(this.#seat.hello(this.#env.now()));
    this.pump();
  }

  #message(data: ArrayBuffer): void {
    if (this.#over) return;
    const now = this.#env.now();
    this.#extended = false;
    const bytes = new Uint8Array(data);
    let r: Received;
    try {
      r = receive(this.#seat, now, bytes); // a text message gives no bytes and is refused
    } catch (e) {
      this.#seat.stats.errors++;
      if (!(e instanceof ProtocolError)) {
        report(e); // thrown by a predictor: the connection is fine
        return;
      }
      const reason = `Invalid message from the server: ${e.message}`;
      this.close({ code: 4206, action: e.final ? "give up" : "resume", reason });
      return;
    }
    if (kindOf(bytes) === Kind.snapshot) this.#began = true;
    this.#deadline = now + (this.#began ? silence : firstState);
    if (r.bye) this.#bye = ended(r.bye.code, r.bye.reason);
    this.#listener.received(r, data.byteLength);
    this.pump();
  }

  #arm(ms: number): void {
    this.#env.clearTimeout(this.#timer);
    this.#timer = this.#env.setTimeout(() => this.#tick(), Math.max(ms, 1));
  }

  #tick(): void {
    const now = this.#env.now();
    if (now >= this.#deadline) {
      // When a frozen page runs again, its timer fires before the messages that are waiting.
      const frozen = this.#opened && !this.#extended && now - this.#ranAt >= grace;
      if (!frozen) {
        this.close(ended(1006));
        return;
      }
      this.#extended = true;
      this.#deadline = now + grace;
    }
    this.#ranAt = now;
    if (this.#opened) this.pump();
    else this.#arm(this.#deadline - now);
  }

  #end(why: Ended): void {
    if (this.#over) return;
    this.#over = true;
    this.#env.clearTimeout(this.#timer);
    this.#listener.ended(why, this.#opened);
  }
}
