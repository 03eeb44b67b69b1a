import type { Client } from "./client.ts";
import type { Predictor } from "./core/prediction.ts";
import type { Received } from "./core/receive.ts";
import { Shape, write, type RowObject } from "./core/rows.ts";
import type { Stats } from "./core/stats.ts";
import { indexOf } from "./names.ts";
import { guard } from "./report.ts";
import { States } from "./states.ts";
import type { Status } from "./status.ts";
import { add, Subscriptions } from "./subscriptions.ts";
import type { AnyGame, CommandName, EventName, Frozen, Game, Row, RowName, SnapshotInfo, State, Steps, TableName, Unsubscribe } from "./types.ts";
import type { Cells } from "./wire/frame.ts";
import type { Schema } from "./wire/schema.ts";

/** Makes the rules for a seat. */
export type PredictorFor = (schema: Schema, player: number) => Predictor;

/** Steps of one's own by table, or what makes a predictor for a seat. */
export type Predict<G extends Game> = Steps<G> | PredictorFor;

/** How corrections of what was predicted are drawn. */
export interface Softening {
  /** ms after which half of one is drawn; 0 draws it at once. */
  readonly smooth: number;
  /** One above this, in the field's units, is drawn at once; 0: none. */
  readonly snap: number;
}

/** A match that is played or watched. */
export class Room<G extends Game = AnyGame> {
  #states: States | undefined;
  readonly #subscriptions = new Subscriptions();
  readonly #statuses = new Set<(s: Status) => void>();
  #inputShape: Shape | undefined;
  #wish: RowObject = {};
  #wished: Cells | undefined; // for the seat that is
  #wanted: Predict<G> | null = null;
  #claiming = true;
  #smooth = true;

  readonly #client: Client;
  readonly #softening: Partial<Softening>;

  constructor(
    client: Client,
    softening: Partial<Softening>,
  ) {
    this.#client = client;
    this.#softening = softening;
    client.onStatus = (s) => this.#statuses.forEach((f) => guard(() => f(s)));
    client.onReceived = (r, bytes) => this.#received(r, bytes);
  }

  /** The newest state that the server sent. */
  get state(): State<G> {
    return this.#known.state as State<G>;
  }

  /** The same, with own rows as predicted. */
  get predicted(): State<G> {
    return this.#known.predicted as State<G>;
  }

  /** What to draw now. Its rows are used again by the next reading. */
  get interpolated(): State<G> {
    this.#known.picture.draw(this.#client.seat, this.#client.now());
    return this.#known.interpolated as State<G>;
  }

  /** The seat's number; 0 for spectators. */
  get player(): number {
    return this.#client.seat.player;
  }

  /** Own rows of a table, as predicted. */
  own<K extends TableName<G>>(table: K): Row<G, K>[] {
    return this.#known.own(table) as Row<G, K>[];
  }

  /** What the player does from the next tick on. Fields that are not named stay as they are. */
  input(fields: Partial<Frozen<G["input"]>>): void {
    this.#inputShape?.check(fields, "input field");
    this.#wish = { ...this.#wish, ...fields };
    this.#tellInput();
  }

  /** Sends a command to the rules; false if too many wait already, or there is no seat. */
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

  /** Calls f for each row that appears, and for those there already. */
  onAdded<K extends TableName<G>>(table: K, f: (row: Row<G, K>) => void): Unsubscribe {
    return this.#subscriptions.watch(table, { added: f as (row: RowObject) => void });
  }

  /** Calls f for each row, or value, that is not what it was a snapshot before. */
  onChanged<K extends RowName<G>>(table: K, f: (row: Row<G, K>, was: Row<G, K>) => void): Unsubscribe {
    return this.#subscriptions.watch(table, { changed: f as (row: RowObject, was: RowObject) => void });
  }

  /** Calls f for each row that is gone, or not seen any more, with what it was last. */
  onRemoved<K extends TableName<G>>(table: K, f: (last: Row<G, K>) => void): Unsubscribe {
    return this.#subscriptions.watch(table, { removed: f as (row: RowObject) => void });
  }

  /** Calls f for each event, once, with the tick it happened in. */
  onEvent<K extends EventName<G>>(name: K, f: (event: Frozen<G["events"][K]>, tick: number) => void): Unsubscribe {
    return this.#subscriptions.onEvent(name, f as (event: RowObject, tick: number) => void);
  }

  /** Calls f after each snapshot. */
  onSnapshot(f: (s: SnapshotInfo) => void): Unsubscribe {
    return this.#subscriptions.onSnapshot(f);
  }

  /** Calls f at each change of the status. */
  onStatus(f: (s: Status) => void): Unsubscribe {
    return add(this.#statuses, f);
  }

  get status(): Status {
    return this.#client.status;
  }

  /** The figures so far; the same object each time. */
  get stats(): Readonly<Stats> {
    return this.#client.seat.report(this.#client.now());
  }

  /** Predicts own rows, from when what that takes is loaded; null draws them like others'. */
  async predict(p: Predict<G> | null): Promise<void> {
    this.#wanted = p;
    const made = p && (await import("./predict.ts")).ahead(p, this.#softening, () => this.#states?.state);
    if (this.#wanted === p) this.#client.seat.predict(made ?? undefined);
  }

  /** Whether others are drawn between two states, or as last received. */
  interpolate(on: boolean): void {
    this.#smooth = on;
    if (this.#states) this.#states.picture.smooth = on;
  }

  /** Whether inputs say what the player was looking at. */
  claims(on: boolean): void {
    this.#claiming = on;
    this.#tellInput();
  }

  /** The game's schema as the server sent it. */
  get schema(): Schema {
    return this.#known.schema;
  }

  /** The match's id. */
  get match(): string {
    return this.#client.seat.welcome?.match ?? "";
  }

  /** Hz */
  get tickRate(): number {
    return this.schema.tickRate;
  }

  /** The tick that inputs are made for. */
  get tick(): number {
    return this.#client.seat.tick;
  }

  /** Cuts the connection, as a bad network would. */
  drop(): void {
    this.#client.drop();
  }

  /** Ends the room for good. */
  leave(): void {
    this.#client.leave();
  }

  get #known(): States {
    if (!this.#states) throw new Error("arbiter-client: the room has no state yet");
    return this.#states;
  }

  #received(r: Received, bytes: number): void {
    const { seat } = this.#client;
    const { schema } = seat;
    if (!schema) return;
    if (this.#states?.schema !== schema) {
      this.#states = new States(schema, seat);
      this.#states.picture.smooth = this.#smooth;
      this.#inputShape = new Shape(schema.input);
      this.#subscriptions.learn(this.#states);
    }
    if (seat.inputs && seat.inputs !== this.#told) this.#tellInput();
    if (r.update) this.#states.frame = seat.frame;
    this.#subscriptions.received(r, bytes);
  }

  #told: unknown; // the inputs of the seat that was told the wish

  #tellInput(): void {
    const { seat } = this.#client;
    if (!this.#inputShape || !seat.inputs || !seat.schema) return;
    const rest = (this.#wished ??= seat.schema.input.fields.map((f) => write(f, undefined)));
    this.#wished = this.#inputShape.cells(this.#wish, rest);
    this.#told = seat.inputs;
    seat.set(this.#wished, this.#claiming && seat.schema.rewinds);
  }
}
