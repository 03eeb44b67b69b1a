import type { Ticket } from "./types.ts";

/** One part of a request that is wrong. */
export interface Fault {
  readonly where: string;
  readonly detail: string;
  readonly remedy: string;
}

/** The server's refusal of a request (RFC 9457). */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** With player_already_queued: the player's ticket. */
    readonly ticket: string | undefined,
    readonly errors: readonly Fault[],
    /** ms to wait before the next attempt (Retry-After), 0 to 10,000. */
    readonly retryAfter: number,
  ) {
    super(detail);
  }

  /** Whether the same request may succeed later: the server is busy or unavailable. */
  get temporary(): boolean {
    return [429, 502, 503, 504].includes(this.status);
  }
}

/** Reads the problem document of a refused request. */
export async function problemOf(answer: Response): Promise<Problem> {
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any */
  const body: any = await answer.json().catch(() => null);
  const detail = body?.detail ?? body?.title ?? `Status ${answer.status} without a reason. Is this an Arbiter server?`;
  const after = Number(answer.headers.get("Retry-After")) || 0;
  return new Problem(answer.status, body?.code ?? "", detail, body?.ticket, body?.errors ?? [], Math.min(Math.max(after, 0), 10) * 1000);
}

const causes: Record<string, string> = {
  declined: "The match was declined.",
  no_answer: "The match was not accepted in time.",
  too_old: "No match was found within the queue's time limit.",
  cancelled: "The ticket was taken out of the queue.",
  match_gone: "The match to join has ended.",
  host_refused: "The server could not start the match.",
};

/** A ticket left the queue without a match. */
export class EndedError extends Error {
  override name = "EndedError";

  constructor(readonly ticket: Ticket) {
    super(causes[ticket.cause] ?? `The ticket is ${ticket.state}: ${ticket.cause}.`);
  }
}
