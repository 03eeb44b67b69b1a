import { report } from "./report.ts";
import type { Ticket } from "./matchmaketypes.ts";

type Accept = (t: Ticket, signal: AbortSignal) => boolean | Promise<boolean>;

/** What a player is asked in a proposal. */
export class Question {
  /** Called when an answer is there. */
  onanswer: () => void = () => {};
  readonly #accept: Accept;
  #until = ""; // of the proposal that was asked about, which tells it from others
  #over: AbortController | undefined;
  #answer: boolean | undefined;

  constructor(accept: Accept = () => true) {
    this.#accept = accept;
  }

  /** Asks about a ticket's proposal, once; returns the answer, once, when it is there. */
  ask(t: Ticket): boolean | undefined {
    if (t.state !== "proposed" || !t.proposal) {
      this.end();
      return undefined;
    }
    if (this.#until !== t.proposal.until) this.#begin(t, t.proposal.until);
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  #begin(t: Ticket, until: string): void {
    this.end();
    const over = (this.#over = new AbortController());
    this.#until = until;
    const take = (yes: boolean) => {
      if (over.signal.aborted) return;
      this.#answer = yes;
      this.onanswer();
    };
    try {
      const yes = this.#accept(t, over.signal);
      if (typeof yes === "boolean") take(yes);
      else yes.then(take, (e: unknown) => { if (!over.signal.aborted) report(e); }); // who fails to answer has not answered
    } catch (e) {
      report(e);
    }
  }

  /** Takes the question back. */
  end(): void {
    this.#over?.abort();
    this.#over = undefined;
    this.#until = "";
    this.#answer = undefined;
  }
}
