import type { Block, Frame } from "../wire/frame.ts";
import type { Schema } from "../wire/schema.ts";
import type { Inputs } from "./inputs.ts";

/** What the server's word changed of what was predicted. */
export interface Judgement {
  corrected: boolean; // a moving field of an own row
  largest: number; // the most that one changed by, in its units
  surprised: boolean; // something else of an own row, or whether there is one
}

/**
 * The player's own rows ahead of the server. A seat knows this much of its
 * prediction, so that who predicts nothing need not load it.
 */
export interface Ahead {
  /** The last tick predicted; 0 before the first. */
  readonly newest: number;
  /** Reports whether own rows of a table are predicted. */
  covers(table: number): boolean;
  /** Own rows predicted for a tick, by table. */
  at(tick: number): readonly Block[] | undefined;
  /** How far a field of an own row is to be drawn from where it is. */
  bend(now: number, table: number, id: number, field: number): number;
  /** Takes the server's newest state, that inputs knows as applied, and predicts anew as far as before. */
  correct(now: number, f: Frame, inputs: Inputs): Judgement;
  /** Predicts up to tick t. */
  advance(t: number, inputs: Inputs): void;
  close(): void;
}

/** Makes the prediction of a seat. */
export type AheadFor = (schema: Schema, player: number) => Ahead;
