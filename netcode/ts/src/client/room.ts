import type { Client } from "./client.ts";
import type { Received } from "../core/receive.ts";
import { Shape, write, type RowObject } from "../core/rows.ts";
import type { Stats } from "../core/stats.ts";
import { indexOf } from "../core/names.ts";
import { guard } from "../platform/report.ts";
import { States } from "./states.ts";
import type { Status } from "./status.ts";
import { add, Subscriptions } from "./subscriptions.ts";
import type { AnyGame, CommandName, EventName, Frozen, Game, Predict, Row, RowName, SmoothingOptions, SnapshotInfo, State, TableName, Unsubscribe } from "./types.ts";
import type { Cells } from "../view/frame.ts";
import type { Schema } from "../wire/schema.ts";

/** A match, as a player or as a spectator. */
export class Room<G extends Game = AnyGame> {
  #states: States | undefined;
  readonly #subscriptions = new Subscriptions();
  readonly #statuses = new Set<(s: Status) => void>();
  #inputShape: Shape | undefined;
  #input: RowObject = {}; // as the page set it
  #inputCells: Cells | undefined; // the same, in the seat's schema
  #inputsOf: unknown; // the seat's inputs that were given it
  #predict: Predict<G> | null = null; // as requested last
  #sendsView = true; // inputs say which tick the player sees
  #interpolates = true;

  readonly #client: Client;
  readonly #smoothing: Partial<SmoothingOptions>;

  constructor(
    client: Client,
    smoothing: Partial<SmoothingOptions>,
  ) {
    this.#client = client;
    this.#smoothing = smoothing;
    client.onStatus = (s) => this.#statuses.forEach((f) => guard(() => f(s)));
    client.onReceived = (r, bytes) => this.#received(r, bytes);
  }

  /** The newest state from the server. */
  get state(): State<G> {
    return this.#joined.state as State<G>;
  }

  /** The newest state, with own rows as predicted. */
  get predicted(): State<G> {
    return this.#joined.predicted as State<G>;
  }

  /** The state to draw now: interpolated, own rows predicted. Its row objects are reused by the next read. */
  get interpolated(): State<G> {
    this.#joined.renderer.draw(this.#client.seat, this.#client.now());
    return this.#joined.interpolated as State<G>;
  }

  /** The seat's number; 0 for spectators. */
  get player(): number {
    return this.#client.seat.player;
  }

  /** Own rows of a table, as predicted. */
  own<K extends TableName<G>>(table: K): Row<G, K>[] {
    return this.#joined.own(table) as Row<G, K>[];
  }

  /** Sets the player's input from the next tick on. Fields that are not given keep their value. */
  input(fields: Partial<Frozen<G["input"]>>): void {
    this.#inputShape?.check(fields, "input field");
    this.#input = { ...this.#input, ...fields };
    this.#applyInput();
  }

  /** Sends a command to the rules. Returns false if 64 inputs are pending, or there is no seat. */
  command<K extends CommandName<G>>(name: K, fields: Frozen<G["commands"][K]>): boolean {
    const { commands } = this.schema;
    const kind = indexOf(commands, name, "command");
    const shape = new Shape(commands[kind]!);
    shape.check(fields as RowObject, "command field");
    const cells = shape.cells(fields as RowObject, commands[kind]!.fields.map((f) => write(f, undefined)));
    const made = this.#client.seat.command(kind, cells);
    this.#client.flush();
    return made;
  }

  /** Calls f for each row that appears, and for those already there. */
  onAdded<K extends TableName<G>>(table: K, f: (row: Row<G, K>) => void): Unsubscribe {
    return this.#subscriptions.watch(table, { added: f as (row: RowObject) => void });
  }

  /** Calls f for each row or value that differs from the previous snapshot. */
  onChanged<K extends RowName<G>>(table: K, f: (row: Row<G, K>, was: Row<G, K>) => void): Unsubscribe {
    return this.#subscriptions.watch(table, { changed: f as (row: RowObject, was: RowObject) => void });
  }

  /** Calls f with the last version of each row that was removed or is no longer visible. */
  onRemoved<K extends TableName<G>>(table: K, f: (last: Row<G, K>) => void): Unsubscribe {
    return this.#subscriptions.watch(table, { removed: f as (row: RowObject) => void });
  }

  /** Calls f once for each event, with the tick in which it happened. */
  onEvent<K extends EventName<G>>(name: K, f: (event: Frozen<G["events"][K]>, tick: number) => void): Unsubscribe {
    return this.#subscriptions.onEvent(name, f as (event: RowObject, tick: number) => void);
  }

  /** Calls f after each snapshot. */
  onSnapshot(f: (s: SnapshotInfo) => void): Unsubscribe {
    return this.#subscriptions.onSnapshot(f);
  }

  /** Calls f whenever the status changes. */
  onStatus(f: (s: Status) => void): Unsubscribe {
    return add(this.#statuses, f);
  }

  get status(): Status {
    return this.#client.status;
  }

  /** Statistics so far; the same object each time. */
  get stats(): Readonly<Stats> {
    return this.#client.seat.report(this.#client.now());
  }

  /** Turns client-side prediction of own rows on, once its code is loaded; null turns it off. */
  async predict(p: Predict<G> | null): Promise<void> {
    this.#predict = p;
    const made = p && (await import("../prediction/predict.ts")).predictionFor(p, this.#smoothing, () => this.#states?.state);
    if (this.#predict === p) this.#client.seat.predict(made ?? undefined);
  }

  /** Turns interpolation of other players' rows on, or off: then they are drawn as last received. */
  interpolate(on: boolean): void {
    this.#interpolates = on;
    if (this.#states) this.#states.renderer.smooth = on;
  }

  /** Turns lag compensation for this player's inputs on or off: whether they say which tick the player saw. */
  claims(on: boolean): void {
    this.#sendsView = on;
    this.#applyInput();
  }

  /** The game's schema, from the server. */
  get schema(): Schema {
    return this.#joined.schema;
  }

  /** The id of the match. */
  get match(): string {
    return this.#client.seat.welcome?.match ?? "";
  }

  /** Ticks per second. */
  get tickRate(): number {
    return this.schema.tickRate;
  }

  /** The tick that new inputs are for. */
  get tick(): number {
    return this.#client.seat.tick;
  }

  /** Drops the connection abruptly, as a network failure would; the room then resumes. */
  drop(): void {
    this.#client.drop();
  }

  /** Leaves the match and closes the room for good. */
  leave(): void {
    this.#client.leave();
  }

  get #joined(): States {
    if (!this.#states) throw new Error("arbiter-client: the room has received no state yet");
    return this.#states;
  }

  #received(r: Received, bytes: number): void {
    const { seat } = this.#client;
    const { schema } = seat;
    if (!schema) return;
    if (this.#states?.schema !== schema) {
      this.#states = new States(schema, seat);
      this.#states.renderer.smooth = this.#interpolates;
      this.#inputShape = new Shape(schema.input);
      this.#subscriptions.setStates(this.#states);
    }
    if (seat.inputs && seat.inputs !== this.#inputsOf) this.#applyInput();
    if (r.update) this.#states.frame = seat.frame;
    this.#subscriptions.received(r, bytes);
  }

  #applyInput(): void {
    const { seat } = this.#client;
    if (!this.#inputShape || !seat.inputs || !seat.schema) return;
    const nothing = seat.schema.input.fields.map((f) => write(f, undefined));
    const rest = this.#inputCells ?? nothing;
    this.#inputCells = this.#inputShape.cells(this.#input, rest);
    this.#inputsOf = seat.inputs;
    const idle = this.#inputCells.every((c, k) => c === nothing[k]);
    seat.set(this.#inputCells, this.#sendsView && seat.schema.rewinds && !idle); // who does nothing aims at nothing
  }
}
