import { Backoff } from "./core/backoff.ts";
import { Desk, pause } from "./matchmakedesk.ts";
import { EndedError, Problem } from "./matchmakeproblem.ts";
import { Question } from "./matchmakequestion.ts";
import type { Explanation, FoundSeat, MatchmakeOptions, SearchStatus, Ticket } from "./matchmaketypes.ts";

const pollWait = 25; // s; less than proxies cut silent requests after
const leastPause = 250; // ms

/** One search for a match. */
export class Search {
  readonly desk: Desk;
  readonly #options: MatchmakeOptions;
  readonly #signal: AbortSignal;
  readonly #again: Backoff;
  readonly #question: Question;
  #status: SearchStatus = { phase: "queueing", ticket: undefined, explanation: undefined, reason: "", retryIn: 0 };
  #key = ""; // of the request for a ticket that is under way or done
  #id = ""; // of the ticket
  #as = 0; // the desk's others when it was made

  constructor(options: MatchmakeOptions, desk = new Desk(options)) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.desk = desk;
    desk.onInterrupted = (e, retryIn) => this.#tell({ phase: "interrupted", reason: e.message, retryIn });
    this.#again = new Backoff(desk.env.random);
    this.#question = new Question(options.accept);
  }

  /** Searches. begun is a ticket that is there already, a party's, and which is not asked for again. */
  async run(begun?: Ticket): Promise<FoundSeat> {
    try {
      for (;;) {
        try {
          const ticket = await this.#follow(begun ?? (await this.#queue()));
          const seat = ticket.match?.seats[0];
          if (!seat) throw new Error("The server made a match without a seat for this player.");
          return { ...seat, ticket };
        } catch (e) {
          if (begun || !this.#lost(e)) throw e;
          this.#tell({ phase: "queueing", ticket: undefined, explanation: undefined, reason: (e as Error).message });
          await pause(this.desk.env, this.#again.failed(this.desk.env.now()), this.#signal);
        }
      }
    } catch (e) {
      if (!(e instanceof EndedError)) await this.#withdraw();
      throw e;
    } finally {
      this.#question.end();
    }
  }

  /** Passes on a status; what is not said stays as it was. */
  #tell(s: Partial<SearchStatus> & Pick<SearchStatus, "phase">): void {
    this.#status = { ...this.#status, reason: "", retryIn: 0, ...s };
    this.#options.onStatus?.(this.#status);
  }

  /** Asks for a ticket. The same key makes it the same ticket however often it is asked for. */
  async #queue(): Promise<Ticket> {
    if (this.#status.reason === "") this.#tell({ phase: "queueing" });
    this.#id = "";
    this.#as = this.desk.others;
    let replaced = false;
    for (;;) {
      this.#key = crypto.randomUUID?.() ?? `${Math.random()}${Math.random()}`; // there is none without TLS
      try {
        const ticket = await this.desk.ask<Ticket>(this.#order(), this.#signal);
        this.#id = ticket.id;
        return ticket;
      } catch (e) {
        const other = e instanceof Problem && e.code === "player_already_queued" && e.ticket;
        if (!other || !this.#options.replace || replaced) throw e;
        replaced = true;
        await this.desk.ask({ method: "DELETE", path: ticketPath(other) }, this.#signal).catch(passed);
      }
    }
  }

  #order() {
    const { queue, attributes, match } = this.#options;
    return { method: "POST", path: "/v1/tickets", key: this.#key, body: { queue, ...(attributes && { attributes }), ...(match && { match }) } };
  }

  /** Whether the server knows nothing of the ticket any more, so that it has to be asked for anew. */
  #lost(e: unknown): boolean {
    if (e instanceof EndedError) return e.ticket.cause === "closed"; // what comes next may be the server's successor
    if (!(e instanceof Problem)) return false;
    return e.code === "ticket_lost" || (this.desk.others !== this.#as && (e.code === "ticket_unknown" || e.code === "ticket_not_yours"));
  }

  /** Resolves with the ticket when it is matched. */
  async #follow(t: Ticket): Promise<Ticket> {
    this.#id = t.id;
    const { env } = this.desk;
    const every = this.#options.explainEvery ? Math.max(this.#options.explainEvery, 1000) : Infinity;
    for (let explained = -Infinity; ; ) {
      this.#report(t);
      if (t.state === "matched") return t;
      if (t.state === "cancelled" || t.state === "expired") throw new EndedError(t);
      await this.#agree(t);
      let wait = pollWait;
      if (t.state === "queued" && every < Infinity) {
        if (env.now() - explained >= every) {
          explained = env.now();
          await this.#explain(t);
        }
        wait = Math.min(wait, Math.ceil(every / 1000));
      }
      t = await this.#next(t, wait);
    }
  }

  /** Tells of a ticket, if it is not as it was told. */
  #report(t: Ticket): void {
    const phase = ({ queued: "waiting", proposed: "asked", matched: "found" } as const)[t.state as "queued"];
    if (!phase) return; // the error tells
    const was = this.#status;
    if (was.phase !== phase || was.ticket?.id !== t.id || was.ticket.version !== t.version) this.#tell({ phase, ticket: t });
  }

  /** Polls; resolves with the same ticket if the player answered meanwhile. */
  async #next(t: Ticket, wait: number): Promise<Ticket> {
    const { env } = this.desk;
    const over = new AbortController();
    const stop = () => over.abort(this.#signal.reason);
    this.#signal.addEventListener("abort", stop);
    this.#question.onanswer = stop;
    const began = env.now();
    try {
      const next = await this.desk.ask<Ticket>({ method: "GET", path: `${ticketPath(t.id)}?version=${t.version}`, wait }, over.signal);
      if (next.version === t.version && env.now() - began < wait * 500) await pause(env, leastPause, over.signal); // a server that does not wait is not to be asked in a loop
      return next;
    } catch (e) {
      if (over.signal.aborted && !this.#signal.aborted) return t;
      throw e;
    } finally {
      this.#signal.removeEventListener("abort", stop);
      this.#question.onanswer = () => {};
    }
  }

  async #explain(t: Ticket): Promise<void> {
    try {
      const explanation = await this.desk.ask<Explanation>({ method: "GET", path: `${ticketPath(t.id)}/explain` }, this.#signal);
      this.#tell({ phase: "waiting", ticket: t, explanation });
    } catch (e) {
      if (this.#lost(e)) throw e;
      passed(e); // it does not wait any more: the next poll says what it does
    }
  }

  /** Answers for the player in a proposal, as soon as he has decided. */
  async #agree(t: Ticket): Promise<void> {
    const yes = this.#question.ask(t);
    if (yes === undefined) return;
    try {
      await this.desk.ask({ method: "POST", path: `${ticketPath(t.id)}/${yes ? "accept" : "decline"}` }, this.#signal);
    } catch (e) {
      if (this.#lost(e)) throw e;
      passed(e); // too late: the next poll says what came of it
    }
  }

  /** Takes the ticket out of the queue when it is not followed any more. */
  async #withdraw(): Promise<void> {
    if (!this.#id && !(this.#signal.aborted && this.#key)) return; // there is none
    try {
      this.#id ||= (await this.desk.once<Ticket>({ ...this.#order(), last: true })).id; // it may have come about: the key tells
      await this.desk.once({ method: "DELETE", path: ticketPath(this.#id), last: true });
    } catch {
      // it lapses by the queue's rules
    }
  }
}

const ticketPath = (id: string) => `/v1/tickets/${encodeURIComponent(id)}`;

/** Lets a refusal pass that changes nothing. */
function passed(e: unknown): void {
  if (!(e instanceof Problem)) throw e;
}
