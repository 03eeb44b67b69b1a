import { actionOf, codes, textOf, type Action } from "../wire/codes.ts";

/** What a room is doing. */
export type Phase = "connecting" | "playing" | "resuming" | "reconnecting" | "closed";

/** A phase and its reason. */
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

/** Why a connection or an attempt to connect ended. */
export interface Ended {
  readonly code: number;
  readonly reason: string;
  readonly action: Action;
}

/** The end that a close code and the server's reason describe. */
export function ended(code: number, detail = ""): Ended {
  const text = codes[code];
  const both = text && detail && detail !== text;
  return { code, action: actionOf(code), reason: both ? `${text} (${detail})` : detail || textOf(code) };
}

const kept = /; your seat is kept\.$/;

/** A reason in the words of a phase: only while a seat is resumed is one kept. */
export function reasonIn(phase: Phase, reason: string): string {
  return phase === "resuming" ? reason : reason.replace(kept, ".");
}

/** The room is closed, or never opened. */
export class ClosedError extends Error {
  override name = "ClosedError";

  constructor(readonly status: Status) {
    super(status.reason || "The room was left.");
  }
}
