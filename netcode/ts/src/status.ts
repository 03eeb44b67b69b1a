import { actionOf, codes, textOf, type Action } from "./wire/codes.ts";

/** What a room is doing. */
export type Phase = "connecting" | "playing" | "resuming" | "reconnecting" | "closed";

/** A phase and what led to it. */
export interface Status {
  readonly phase: Phase;
  /** A sentence for the player; empty at first and while playing. */
  readonly reason: string;
  /** The close code behind it; 0 if there is none. */
  readonly code: number;
  readonly action: Action | undefined;
  /** ms until the next attempt. */
  readonly retryIn: number;
}

/** Why a connection, or an attempt at one, ended. */
export interface Ended {
  readonly code: number;
  readonly reason: string;
  readonly action: Action;
}

/** What a close code and the server's words say. */
export function ended(code: number, words = ""): Ended {
  const text = codes[code];
  const both = text && words && words !== text;
  return { code, action: actionOf(code), reason: both ? `${text} (${words})` : words || textOf(code) };
}

/** The room is closed, or never opened. */
export class ClosedError extends Error {
  override name = "ClosedError";

  constructor(readonly status: Status) {
    super(status.reason || "the room was left");
  }
}
