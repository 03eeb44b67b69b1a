import type { Cells, Frame } from "../wire/frame.ts";
import { appendHello } from "../wire/hello.ts";
import { InputWriter } from "../wire/inputs.ts";
import type { Schema } from "../wire/schema.ts";
import { View } from "../wire/view.ts";
import { Resumption, type Welcome } from "../wire/welcome.ts";
import { ProtocolError } from "../wire/message.ts";
import type { Ahead, AheadFor } from "./ahead.ts";
import { Inputs } from "./inputs.ts";
import { Stats } from "./stats.ts";
import { Timing } from "./timing.ts";

/**
 * The client's side of a seat: everything that happens between a connection's
 * messages and a game's state, without a connection, clock or timer. It
 * outlives connections.
 *
 * Whoever drives it calls, with now in ms from a clock that never goes back:
 * hello() on a new connection, receive() (receive.ts) for each message that
 * arrives, advance() when wake() says so and before next(), next() (send.ts)
 * until it has nothing more, and disconnected() when the connection is gone.
 */
export class Seat {
  readonly stats = new Stats();
  #rated = { at: 0, bytesIn: 0, bytesOut: 0 }; // what rates count from

  // of the seat; new ones with each seat
  player = 0;
  schema: Schema | undefined;
  welcome: Welcome | undefined; // of the newest connection
  view: View | undefined;
  inputs: Inputs | undefined;
  prediction: Ahead | undefined;
  timing: Timing | undefined;
  tick = 0; // newest tick of the prediction clock
  spoiled = false; // the view is not to be built upon
  #resumeID: Uint8Array | undefined;
  #predictor: AheadFor | undefined;

  // of the connection
  playing = false;
  writer: InputWriter | undefined;
  helloAt = 0;
  unacked = 0; // snapshots applied since the last ack
  ackEvery = 1; // of them may be left
  pingAt = 0;
  asking = false; // for a keyframe
  askedAt: number | undefined;
  lastTick = 0; // of the newest snapshot on this connection
  #offered: Uint8Array | undefined;

  /** Begins a connection; its first message. */
  hello(now: number): Uint8Array<ArrayBuffer> {
    this.#offered = this.#resumeID;
    this.helloAt = now;
    this.playing = this.asking = false;
    this.askedAt = undefined;
    this.unacked = this.lastTick = 0;
    const lastTick = this.#resumeID && !this.spoiled ? (this.frame?.tick ?? 0) : 0;
    return this.sent(appendHello({ schemaHash: this.schema?.hash, resume: this.#resumeID, lastTick }));
  }

  /** Takes the server's answer to hello. */
  welcomed(now: number, w: Welcome): void {
    const again = this.#offered && (w.resumed !== Resumption.fresh || same(w.resume, this.#offered)) && w.player === this.player;
    if (!again) this.#forget();
    this.#learn(w);
    const schema = this.schema!;
    this.#resumeID = w.resume;
    this.player = w.player;
    this.welcome = w;
    this.ackEvery = w.ackEvery;
    if (!this.view || this.spoiled) {
      this.view = new View(schema, w.player);
      this.spoiled = false;
    } else {
      // the seat is known, if nothing of what it was sent
      this.view.connect(w.resumed === Resumption.fresh ? Resumption.keyframe : w.resumed);
    }
    const inputs = (this.inputs ??= new Inputs(schema));
    if (again) inputs.resume(w.seqTaken);
    else inputs.begin(w.seqTaken);
    this.writer = new InputWriter(schema, inputs.packing);
    this.playing = true;
    this.pingAt = now;
    const t = (this.timing ??= new Timing(schema));
    const trip = now - this.helloAt;
    t.clock.trip(this.helloAt, now, w.tick * t.step + w.sinceTick);
    if (again) t.lead.resume(now, trip);
    else t.lead.start(trip, t.step);
    if (again) this.stats.resumes++;
    else this.stats.seats++;
    if (!this.prediction) this.predict(this.#predictor);
  }

  /** Makes sure that the game is known, and the same as before. */
  #learn(w: Welcome): void {
    if (!w.schema && !this.schema) throw new ProtocolError("welcome lacks the schema");
    if (!w.schema || (this.schema?.hash && same(w.schema.hash, this.schema.hash))) return;
    if (this.inputs) this.#forget();
    this.schema = w.schema;
  }

  /** Predicts by the rules that make gives; nothing predicts nothing. */
  predict(make: AheadFor | undefined): void {
    this.#predictor = make;
    this.prediction?.close();
    this.prediction = undefined;
    if (!make || !this.schema || this.player === 0 || !this.inputs) return;
    this.prediction = make(this.schema, this.player);
    if (!this.frame) return;
    this.prediction.correct(0, this.frame, this.inputs);
    this.prediction.advance(this.tick, this.inputs);
  }

  /** Ends the connection. The seat and all that waits is kept. */
  disconnected(): void {
    this.playing = false;
  }

  /** Gives up the seat: the next hello asks for a new one. */
  leave(): void {
    this.playing = false;
    this.#forget();
  }

  #forget(): void {
    this.stats.inputsAbandoned += this.inputs?.waiting ?? 0;
    this.prediction?.close();
    this.player = this.tick = 0;
    this.spoiled = false;
    this.#resumeID = this.#offered = this.view = this.inputs = this.prediction = this.timing = undefined;
  }

  /** Reports whether the next hello takes up a seat again. */
  get canResume(): boolean {
    return this.#resumeID !== undefined;
  }

  /** The newest state; nothing before the first keyframe. */
  get frame(): Frame | undefined {
    return this.view?.frame;
  }

  /** Makes cells what the player does from the next tick on. aims: the server has to know what he is looking at. */
  set(cells: Cells, aims: boolean): void {
    this.inputs?.set(cells, aims);
  }

  /** Sends a command, now or when the connection stands again. False if too many wait, or there is no seat. */
  command(kind: number, cells: Cells): boolean {
    const made = this.player !== 0 && this.inputs !== undefined && this.inputs.command(this.tick, kind, cells);
    if (made) this.stats.inputsSent++;
    return made;
  }

  /** Runs the prediction clock to now: at most one entry is made of what the player does, for the newest tick. */
  advance(now: number): boolean {
    if (!this.playing || this.player === 0) return false;
    const t = Math.floor(this.timing!.predicted(now));
    if (t <= this.tick) return false;
    this.tick = t;
    if (this.inputs!.enter(t, this.#looksAt(now))) this.stats.inputsSent++;
    this.prediction?.advance(t, this.inputs!);
    return true;
  }

  /** The tick that is being drawn of what others do; 0 before there is anything to see. */
  #looksAt(now: number): number {
    if (!this.frame) return 0;
    return Math.min(Math.max(Math.floor(this.timing!.drawn(now)), 1), this.frame.tick);
  }

  /** The figures so far. */
  report(now: number): Stats {
    const s = this.stats;
    const { at, bytesIn, bytesOut } = this.#rated;
    const seconds = (now - at) / 1000;
    if (seconds >= 1) {
      s.inRate = (s.bytesIn - bytesIn) / seconds;
      s.outRate = (s.bytesOut - bytesOut) / seconds;
      this.#rated = { at: now, bytesIn: s.bytesIn, bytesOut: s.bytesOut };
    }
    s.pending = this.inputs?.waiting ?? 0;
    if (!this.timing) return s;
    s.rtt = this.timing.clock.roundTrip;
    s.jitter = this.timing.playback.jitter;
    s.lead = this.timing.lead.goal;
    s.delay = this.timing.playback.delay(this.timing.interval);
    return s;
  }

  sent(b: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    this.stats.bytesOut += b.length;
    return b;
  }
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return String(a) === String(b);
}
