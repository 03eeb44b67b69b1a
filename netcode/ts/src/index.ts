/**
 * Plays on an Arbiter server from a browser. See README.md.
 */
export { connect, type Options } from "./client/connect.ts";
export { wasmPredictor } from "./prediction/rules.ts";
export { Room } from "./client/room.ts";
export { ClosedError, type Phase, type Status } from "./client/status.ts";
export { actionOf, codes, textOf, type Action } from "./wire/codes.ts";
export type { Environment, PageEvent, Socket, Transport } from "./platform/environment.ts";
export type { Predictor, PredictorFor } from "./core/prediction.ts";
export type { Due } from "./core/inputs.ts";
export type { Table } from "./core/rows.ts";
export type { Stats } from "./core/stats.ts";
export type { AnyGame, At, Frozen, Game, Predict, Row, SmoothingOptions, SnapshotInfo, State, Steps, Unsubscribe } from "./client/types.ts";
export type { Block, Cells, Frame } from "./view/frame.ts";
export type { Cell, Int } from "./wire/int64.ts";
export type { Field, RowSchema, Schema } from "./wire/schema.ts";
