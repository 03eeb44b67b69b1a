import type { Table } from "./core/rows.ts";

/* eslint-disable @typescript-eslint/no-explicit-any */

/** What `arbiter gen ts` writes for a game. Row interfaces by the names of the game's state. */
export interface Game {
  tables: object;
  values: object;
  events: object;
  commands: object;
  input: object;
}

/** A game of which nothing is known at compile time. */
export interface AnyGame {
  tables: Record<string, any>;
  values: Record<string, any>;
  events: Record<string, any>;
  commands: Record<string, any>;
  input: any;
}

/** T, not to be written to at any depth. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** A state: tables and values by name. */
export type State<G extends Game> = {
  readonly [K in keyof G["tables"]]: Table<Frozen<G["tables"][K]>>;
} & {
  readonly [K in keyof G["values"]]: Frozen<G["values"][K]>;
};

type Name<T> = keyof T & string;
export type TableName<G extends Game> = Name<G["tables"]>;
export type RowName<G extends Game> = Name<G["tables"]> | Name<G["values"]>;
export type EventName<G extends Game> = Name<G["events"]>;
export type CommandName<G extends Game> = Name<G["commands"]>;

/** The rows of a table, or of a value. */
export type Row<G extends Game, K> = Frozen<
  K extends keyof G["tables"] ? G["tables"][K] : K extends keyof G["values"] ? G["values"][K] : never
>;

/** When and where a step runs. */
export interface At<G extends Game> {
  readonly tick: number;
  readonly dt: number; // seconds
  readonly player: number;
  readonly state: State<G>; // what the server last sent
}

/** Steps of one's own, by table: each moves one own row by a tick. */
export type Steps<G extends Game> = {
  [K in keyof G["tables"]]?: (row: G["tables"][K], input: Frozen<G["input"]>, at: At<G>) => void;
};

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** One snapshot, for plots. */
export interface SnapshotInfo {
  readonly tick: number;
  readonly bytes: number;
  readonly keyframe: boolean;
  readonly slack: number | undefined; // ms by which the newest input was early
  readonly correction: number; // the most that it moved an own row from where it was predicted, in the field's units
}
