import type { Int } from "./int64.ts";

/** The type of a field. */
export const enum FieldKind {
  bool = 1, // 0 or 1
  int = 2,
  fixed = 3, // a float in whole steps
  real = 4, // a float as it is
  text = 5,
}

/** How a field's change is sent. */
export const enum Codec { delta, linear, absolute }

/** How a field is drawn between two snapshots. */
export const enum Interp { hold, lerp, angle, snap }

/** One leaf of a row. */
export interface Field {
  readonly path: string; // "X", "Hand.2.Suit"
  readonly kind: number;
  readonly step: number; // of a fixed field, in its units; else 0
  readonly wrap: number; // the field is a circle of that many steps; else 0
  readonly min: Int; // of the cell, if bounded
  readonly max: Int;
  readonly bounded: boolean;
  readonly codec: number;
  readonly owner: boolean; // sent to the row's owner only
  readonly interp: number;
  readonly maxLen: number; // of a text, in bytes
  readonly unsigned: boolean; // the cell's 64 bits are an unsigned integer: −1 stands for 2^64−1
}

/** One kind of row: fields everyone receives first, then the owner's. */
export interface RowSchema {
  readonly name: string;
  readonly public: number; // fields everyone receives
  readonly owner: number; // index of the field that names the owner; −1 without
  readonly single: boolean; // a value: one row, id 1
  readonly fields: readonly Field[];
}

/** Describes a game's tables, events, commands and input: what is needed to read its messages. */
export interface Schema {
  readonly game: string;
  readonly tickRate: number; // Hz
  readonly snapshotRate: number; // Hz
  readonly rewinds: boolean; // lag compensation: inputs say which tick the player saw
  readonly hash: Uint8Array | undefined; // 8 bytes
  readonly tables: readonly RowSchema[];
  readonly events: readonly RowSchema[];
  readonly commands: readonly RowSchema[];
  readonly input: RowSchema;
}

export function hex(b: Uint8Array): string {
  return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
}
