import type { PredictorFor } from "../core/prediction.ts";
import type { Table } from "../core/rows.ts";

/* eslint-disable @typescript-eslint/no-explicit-any */

/** The types of a game, as `arbiter gen ts` writes them: row interfaces by the names of the game's state. */
export interface Game {
  tables: object;
  values: object;
  events: object;
  commands: object;
  input: object;
}

/** A game without generated types. */
export interface AnyGame {
  tables: Record<string, any>;
  values: Record<string, any>;
  events: Record<string, any>;
  commands: Record<string, any>;
  input: any;
}

/** T, read-only at every depth. */
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

/** The context a step runs in. */
export interface At<G extends Game> {
  readonly tick: number;
  readonly dt: number; // seconds
  readonly player: number;
  readonly state: State<G>; // the newest from the server
}

/** Hand-written prediction, by table: each function moves one own row by a tick. */
export type Steps<G extends Game> = {
  [K in keyof G["tables"]]?: (row: G["tables"][K], input: Frozen<G["input"]>, at: At<G>) => void;
};

/** How to predict: steps by table, or what makes a predictor for a seat. */
export type Predict<G extends Game> = Steps<G> | PredictorFor;

/** How corrections of what was predicted are drawn. */
export interface SmoothingOptions {
  /** Half-life in ms of the offset at which a correction is drawn; 0 draws it at once. */
  readonly smooth: number;
  /** A correction above this, in the field's units, is drawn at once; 0: no limit. */
  readonly snap: number;
}

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Statistics of one snapshot, for plots. */
export interface SnapshotInfo {
  readonly tick: number;
  readonly bytes: number;
  readonly keyframe: boolean;
  readonly slack: number | undefined; // ms by which the newest input was early
  readonly correction: number; // the largest difference from the predicted own rows, in the field's units
}
