import { report } from "../platform/report.ts";
import type { Ticket } from "./types.ts";

type Accept = (t: Ticket, signal: AbortSignal) => boolean | Promise<boolean>;

/** Asks the player to accept or decline a proposal, once each, and holds the answer until it is sent. */
export class Acceptance {
  /** Called when the player has answered. */
  onanswer: () => void = () => {};
  readonly #accept: Accept;
  #until = ""; // deadline of the current proposal, which identifies it
  #over: AbortController | undefined;
  #answer: boolean | undefined;

  constructor(accept: Accept = () => true) {
    this.#accept = accept;
  }

  /** Asks about a ticket's proposal if it is new. Returns the answer, once, when there is one. */
  ask(t: Ticket): boolean | undefined {
    if (t.state !== "proposed" || !t.proposal) {
      this.end();
      return undefined;
    }
    if (this.#until !== t.proposal.until) this.#start(t, t.proposal.until);
    const given = this.#answer;
    this.#answer = undefined;
    return given;
  }

  #start(t: Ticket, until: string): void {
    this.end();
    const over = (this.#over = new AbortController());
    this.#until = until;
    const answer = (yes: boolean) => {
      if (over.signal.aborted) return;
      this.#answer = yes;
      this.onanswer();
    };
    try {
      const yes = this.#accept(t, over.signal);
      if (typeof yes === "boolean") answer(yes);
      else yes.then(answer, (e: unknown) => { if (!over.signal.aborted) report(e); }); // a callback that fails has not answered
    } catch (e) {
      report(e);
    }
  }

  /** Withdraws the question. */
  end(): void {
    this.#over?.abort();
    this.#over = undefined;
    this.#until = "";
    this.#answer = undefined;
  }
}
