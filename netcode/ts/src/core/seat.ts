import type { Cells, Frame } from "../view/frame.ts";
import { appendHello } from "../wire/hello.ts";
import { InputWriter } from "../wire/inputs.ts";
import type { Schema } from "../wire/schema.ts";
import { View } from "../view/view.ts";
import { Resumption, type Welcome } from "../wire/welcome.ts";
import { ProtocolError } from "../wire/message.ts";
import { Inputs } from "./inputs.ts";
import type { Prediction, PredictionFor } from "./prediction.ts";
import { Stats } from "./stats.ts";
import { Timing } from "./timing.ts";

/** ms between two pings. */
export const pingEvery = 1000;

const patience = 100; // ms; how much later than expected the server may apply an entry, or send a snapshot, until no more entries are made,
const jitterMost = 150; // ms; beside its jitter, of which no more counts than this: so many entries at most are made up for afterwards

/**
 * The client's side of a seat, as a state machine without socket, clock or timer: it turns
 * messages into state and input into messages. It outlives connections (session resumption): the
 * seat and the inputs that the server has not applied are kept for the next one.
 *
 * Its driver calls, with now in ms from a monotonic clock: hello() on a new connection;
 * receive() (receive.ts) for each message that arrives; advance() when wake() says so and
 * before next(); next() (send.ts) until it returns nothing; disconnected() when the
 * connection has ended.
 */
export class Seat {
  readonly stats = new Stats();
  #rateStart = { at: 0, bytesIn: 0, bytesOut: 0 }; // of the interval that rates are measured over

  // Of the seat: replaced with it.
  player = 0;
  schema: Schema | undefined;
  welcome: Welcome | undefined; // of the newest connection; none after leave()
  view: View | undefined;
  inputs: Inputs | undefined;
  prediction: Prediction | undefined;
  timing: Timing | undefined;
  /**
   * Tick of the prediction clock: the one that inputs made now are for. It is later than the newest
   * snapshot's, and goes back only if the server dropped time. A spectator's is the newest snapshot's.
   */
  tick = 0;
  viewInvalid = false; // no delta can be applied to it any more
  #resumeID: Uint8Array | undefined;
  #predictor: PredictionFor | undefined;

  // Of the connection: reset with each.
  playing = false;
  writer: InputWriter | undefined;
  helloAt = 0;
  unacked = 0; // snapshots applied since the last ack
  ackEvery = 1; // send an ack after that many
  pingAt = 0;
  keyframeWanted = false;
  keyframeRequestedAt: number | undefined;
  lastTick = 0; // of the newest snapshot on this connection
  inputsSentAt = -Infinity; // when inputs were last sent
  #heardAt = 0; // when the newest snapshot came, or the welcome
  #gap = pingEvery; // ms between two snapshots, as of late at most; heartbeats come each second
  #askedTimeAt = -Infinity; // when the server was last asked for its time because of a late snapshot
  #waited = 0; // for how many ms an input has waited for its entry while snapshots came
  #offered: Uint8Array | undefined; // resume id that hello sent

  /** Starts a connection; returns its first message. */
  hello(now: number): Uint8Array<ArrayBuffer> {
    this.#offered = this.#resumeID;
    this.helloAt = now;
    this.playing = this.keyframeWanted = false;
    this.keyframeRequestedAt = undefined;
    this.unacked = this.lastTick = 0;
    const lastTick = this.#resumeID && !this.viewInvalid ? (this.frame?.tick ?? 0) : 0;
    return this.sent(appendHello({ schemaHash: this.schema?.hash, resume: this.#resumeID, lastTick }));
  }

  /** Applies the server's answer to hello: the same seat resumed, or a new one. */
  welcomed(now: number, w: Welcome): void {
    const again = this.#offered !== undefined && (w.resumed !== Resumption.fresh || same(w.resume, this.#offered)) && w.player === this.player;
    if (!again) this.#forget();
    this.#setSchema(w);
    const schema = this.schema!;
    this.#resumeID = w.resume;
    this.player = w.player;
    this.welcome = w;
    this.ackEvery = w.ackEvery;
    if (!this.view || this.viewInvalid) {
      this.view = new View(schema, w.player);
      this.viewInvalid = false;
    } else {
      // the server knows the seat, but perhaps none of its snapshots
      this.view.connect(w.resumed === Resumption.fresh ? Resumption.keyframe : w.resumed);
    }
    const inputs = (this.inputs ??= new Inputs(schema));
    if (again) inputs.resume(w.seqTaken);
    else inputs.begin(w.seqTaken);
    this.writer = new InputWriter(schema, inputs.packing);
    this.playing = true;
    this.pingAt = now;
    const t = (this.timing ??= new Timing(schema));
    t.welcomed(this.helloAt, now, w.tick, w.sinceTick, again);
    this.#heardAt = now;
    this.#waited = 0;
    this.#gap = pingEvery;
    if (again) this.stats.resumes++;
    else this.stats.seats++;
    if (!this.prediction) this.predict(this.#predictor);
  }

  /** Sets the schema; if it is another than before, the seat starts anew. */
  #setSchema(w: Welcome): void {
    if (!w.schema && !this.schema) throw new ProtocolError("welcome lacks the schema");
    if (!w.schema || (this.schema?.hash && same(w.schema.hash, this.schema.hash))) return;
    if (this.inputs) this.#forget();
    this.schema = w.schema;
  }

  /** Turns client-side prediction on; undefined turns it off. */
  predict(make: PredictionFor | undefined): void {
    this.#predictor = make;
    this.prediction?.close();
    this.prediction = undefined;
    if (!make || !this.schema || this.player === 0 || !this.inputs) return;
    this.prediction = make(this.schema, this.player);
    if (!this.frame) return;
    this.prediction.reconcile(0, this.frame, this.inputs);
    this.prediction.advance(this.tick, this.inputs);
  }

  /** Notes that the connection ended. The seat and its pending inputs are kept. */
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
    this.viewInvalid = false;
    this.#resumeID = this.#offered = this.welcome = this.view = this.inputs = this.prediction = this.timing = undefined;
  }

  /** Reports whether the next hello can resume a seat. */
  get canResume(): boolean {
    return this.#resumeID !== undefined;
  }

  /** The newest state; nothing before the first keyframe. */
  get frame(): Frame | undefined {
    return this.view?.frame;
  }

  /** Sets the player's input from the next tick on. sendsView: the server is told which tick they see. */
  set(cells: Cells, sendsView: boolean): void {
    this.inputs?.set(cells, sendsView);
  }

  /** Queues a command. Returns false if too many inputs are pending, or there is no seat. */
  command(kind: number, cells: Cells): boolean {
    const made = this.player !== 0 && this.inputs !== undefined && this.inputs.command(this.tick, kind, cells);
    if (made) this.stats.inputsSent++;
    return made;
  }

  /** Advances the prediction clock to now. At most one input entry is made, for its tick. */
  advance(now: number): boolean {
    if (!this.playing) return false;
    const newest = this.frame?.tick ?? 0;
    if (this.player === 0) {
      this.tick = newest;
      return false;
    }
    const t = Math.max(Math.floor(this.timing!.predicted(now)), newest + 1); // for no earlier one can an input be in time
    if (t === this.tick) return false;
    const back = t < this.tick;
    this.tick = t;
    const inputs = this.inputs!;
    if (!this.#holds(now) && inputs.addEntry(t, this.#viewTick(now))) {
      this.stats.inputsSent++;
      this.#waited = 0;
    }
    if (back) this.prediction?.rewind(now, this.frame!, inputs, t);
    else this.prediction?.advance(t, inputs);
    return true;
  }

  /**
   * Reports whether entries are to wait: the server stands still, or what is sent in one of the
   * directions is held up. Entries for more and more ticks would then only come back late, one a
   * tick, or for ticks far ahead of a server that drops time. Meanwhile the newest of what the player
   * does is enough.
   */
  #holds(now: number): boolean {
    const { clock, playback, interval, step, unmeasured } = this.timing!;
    const late = Math.min(playback.delay(interval), interval + jitterMost) + patience;
    if (unmeasured || clock.overdue || now - this.#heardAt > this.#gap + late) return true;
    const { oldest } = this.inputs!;
    return oldest !== undefined && clock.arriving(now) - oldest * step > late;
  }

  /**
   * Notes that a snapshot came, and measures how long an input waits for its entry meanwhile. A time
   * in which nothing came counts for little.
   */
  heard(now: number): void {
    const gap = now - this.#heardAt;
    this.#heardAt = now;
    this.#gap = Math.min(Math.max(gap, this.#gap - this.#gap / 8), pingEvery);
    this.#waited = this.inputs!.wanted ? this.#waited + Math.min(gap, patience) : 0;
    this.stats.withheld = Math.max(this.stats.withheld, this.#waited);
  }

  /** Sends a ping now, because the clock may be wrong; at most one a second. */
  askTime(now: number): void {
    if (now - this.#askedTimeAt >= pingEvery) this.pingAt = this.#askedTimeAt = now;
  }

  /** The tick at which others are drawn now; 0 before the first snapshot. */
  #viewTick(now: number): number {
    if (!this.frame) return 0;
    return Math.min(Math.max(Math.floor(this.timing!.drawn(now)), 1), this.frame.tick);
  }

  /** The statistics up to now. */
  report(now: number): Stats {
    const s = this.stats;
    const { at, bytesIn, bytesOut } = this.#rateStart;
    const seconds = (now - at) / 1000;
    if (seconds >= 1) {
      s.inRate = (s.bytesIn - bytesIn) / seconds;
      s.outRate = (s.bytesOut - bytesOut) / seconds;
      this.#rateStart = { at: now, bytesIn: s.bytesIn, bytesOut: s.bytesOut };
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
