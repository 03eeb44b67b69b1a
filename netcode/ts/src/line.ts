import { next, wake } from "./core/send.ts";
import { receive, type Received } from "./core/receive.ts";
import type { Seat } from "./core/seat.ts";
import type { Environment, Socket } from "./environment.ts";
import { report } from "./report.ts";
import { ProtocolError } from "./wire/message.ts";
import { ended, type Ended } from "./status.ts";

/** What the client offers; the server has to choose it. */
export const subprotocol = "arbiter.v1";

const openTimeout = 10_000; // ms until the welcome
const silence = 5000; // without a message the connection counts as lost: heartbeats come each second
const grace = 2000; // of that, when there is reason to doubt

/** Who a line tells what happens. */
export interface Listener {
  received(r: Received, bytes: number): void;
  ended(e: Ended, opened: boolean): void;
}

/** One connection of a seat: a socket, and the timer that keeps its clock going. */
export class Line {
  #opened = false;
  #over = false;
  #timer: unknown;
  #bye: Ended | undefined;
  #deadline: number; // for a message
  #turned: number; // when the timer or a message last ran
  #doubted = false; // the deadline was put off, and nothing came since

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
    this.#turned = env.now();
    this.#deadline = this.#turned + openTimeout;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#open();
    socket.onmessage = (e: { data: ArrayBuffer }) => this.#message(e.data);
    socket.onclose = (e: { code: number; reason: string }) => this.#end(this.#bye ?? ended(e.code, e.reason));
    socket.onerror = () => this.#end(this.#bye ?? ended(1006)); // not everywhere does close follow
    this.#arm(openTimeout);
  }

  /** Ends the connection. */
  close(why: Ended, code = 4000): void {
    if (this.#over) return;
    this.#socket.close(code);
    this.#end(why);
  }

  /** Sends a message, if the connection still stands. */
  send(b: Uint8Array<ArrayBuffer>): void {
    if (!this.#over) this.#socket.send(b);
  }

  /** Expects a message soon: there is reason to doubt that the connection stands. */
  probe(): void {
    if (!this.#seat.playing) return;
    this.#deadline = Math.min(this.#deadline, this.#env.now() + grace);
    this.#seat.pingAt = 0;
    this.turn();
  }

  /** Lets the clock advance and sends what is due. */
  turn(): void {
    if (this.#over || !this.#opened) return;
    const now = this.#env.now();
    this.#turned = now;
    this.#seat.advance(now);
    for (let b = next(this.#seat, now); b && !this.#over; b = next(this.#seat, now)) this.#socket.send(b);
    if (!this.#over) this.#arm(Math.min(wake(this.#seat, now), this.#deadline - now));
  }

  #open(): void {
    if (this.#over) return;
    if (this.#socket.protocol !== subprotocol) {
      this.close(ended(1002, `it does not speak ${subprotocol}`));
      return;
    }
    this.#opened = true;
    this.#socket.send(this.#seat.hello(this.#env.now()));
    this.turn();
  }

  #message(data: ArrayBuffer): void {
    if (this.#over) return;
    const now = this.#env.now();
    this.#deadline = now + silence;
    this.#doubted = false;
    let r: Received;
    try {
      r = receive(this.#seat, now, new Uint8Array(data)); // text gives no bytes, which are no message
    } catch (e) {
      this.#seat.stats.errors++;
      if (!(e instanceof ProtocolError)) {
        report(e); // of what predicts; the connection has nothing to do with it
        return;
      }
      const reason = `Not understood: ${e.message}`;
      this.close({ code: 4206, action: e.final ? "give up" : "resume", reason });
      return;
    }
    if (r.bye) this.#bye = ended(r.bye.code, r.bye.reason);
    this.#listener.received(r, data.byteLength);
    this.turn();
  }

  #arm(ms: number): void {
    this.#env.clearTimeout(this.#timer);
    this.#timer = this.#env.setTimeout(() => this.#tick(), Math.max(ms, 1));
  }

  #tick(): void {
    const now = this.#env.now();
    if (now >= this.#deadline) {
      // A page that was frozen first finds its timer late, then its messages.
      const frozen = this.#opened && !this.#doubted && now - this.#turned >= grace;
      if (!frozen) {
        this.close(ended(1006));
        return;
      }
      this.#doubted = true;
      this.#deadline = now + grace;
    }
    this.#turned = now;
    if (this.#opened) this.turn();
    else this.#arm(this.#deadline - now);
  }

  #end(why: Ended): void {
    if (this.#over) return;
    this.#over = true;
    this.#env.clearTimeout(this.#timer);
    this.#listener.ended(why, this.#opened);
  }
}
