/**
 * Plays on an Arbiter server from a browser. See README.md.
 */
export { connect, type Options } from "./connect.ts";
export { wasmPredictor } from "./rules.ts";
export { Room, type Predict, type PredictorFor, type Softening } from "./room.ts";
export { ClosedError, type Phase, type Status } from "./status.ts";
export { actionOf, codes, textOf, type Action } from "./wire/codes.ts";
export type { Environment, PageEvent, Socket, Transport } from "./environment.ts";
export type { Predictor } from "./core/prediction.ts";
export type { Due } from "./core/inputs.ts";
export type { Table } from "./core/rows.ts";
export type { Stats } from "./core/stats.ts";
export type { AnyGame, At, Frozen, Game, Row, SnapshotInfo, State, Steps, Unsubscribe } from "./types.ts";
export type { Block, Cells, Frame } from "./wire/frame.ts";
export type { Cell, Int } from "./wire/int64.ts";
export type { Field, RowSchema, Schema } from "./wire/schema.ts";
