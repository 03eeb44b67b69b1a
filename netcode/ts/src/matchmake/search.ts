import { Backoff } from "../core/backoff.ts";
import { Api, pause } from "./api.ts";
import { EndedError, Problem } from "./problem.ts";
import { Acceptance } from "./acceptance.ts";
import type { Explanation, FoundSeat, MatchmakeOptions, SearchStatus, Ticket } from "./types.ts";

const pollWait = 25; // s; below the time after which proxies cut silent requests
const leastPause = 250; // ms

/** One search for a match. */
export class Search {
  readonly api: Api;
  readonly #options: MatchmakeOptions;
  readonly #signal: AbortSignal;
  readonly #requeue: Backoff;
  readonly #acceptance: Acceptance;
  #status: SearchStatus = { phase: "queueing", ticket: undefined, explanation: undefined, reason: "", retryIn: 0 };
  #key = ""; // of the request for a ticket that is under way or done
  #id = ""; // of the ticket
  #guest = 0; // guestChanges of the API when the ticket was made

  constructor(options: MatchmakeOptions, api = new Api(options)) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.api = api;
    api.onInterrupted = (e, retryIn) => this.#setStatus({ phase: "interrupted", reason: e.message, retryIn });
    this.#requeue = new Backoff(api.env.random);
    this.#acceptance = new Acceptance(options.accept);
  }

  /** Runs the search. begun is an existing ticket, a party's; if it is lost, the search does not queue again. */
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
          this.#setStatus({ phase: "queueing", ticket: undefined, explanation: undefined, reason: (e as Error).message });
          await pause(this.api.env, this.#requeue.failed(this.api.env.now()), this.#signal);
        }
      }
    } catch (e) {
      if (!(e instanceof EndedError)) await this.#withdraw();
      throw e;
    } finally {
      this.#acceptance.end();
    }
  }

  /** Reports a status. Fields that are not given keep their value. */
  #setStatus(s: Partial<SearchStatus> & Pick<SearchStatus, "phase">): void {
    this.#status = { ...this.#status, reason: "", retryIn: 0, ...s };
    this.#options.onStatus?.(this.#status);
  }

  /** Creates a ticket. The idempotency key makes repeated requests return the same ticket. */
  async #queue(): Promise<Ticket> {
    if (this.#status.reason === "") this.#setStatus({ phase: "queueing" });
    this.#id = "";
    this.#guest = this.api.guestChanges;
    let replaced = false;
    for (;;) {
      this.#key = crypto.randomUUID?.() ?? `${Math.random()}${Math.random()}`; // randomUUID is missing without TLS
      try {
        const ticket = await this.api.request<Ticket>(this.#ticketRequest(), this.#signal);
        this.#id = ticket.id;
        return ticket;
      } catch (e) {
        const other = e instanceof Problem && e.code === "player_already_queued" && e.ticket;
        if (!other || !this.#options.replace || replaced) throw e;
        replaced = true;
        await this.api.request({ method: "DELETE", path: ticketPath(other) }, this.#signal).catch(ignoreProblem);
      }
    }
  }

  #ticketRequest() {
    const { queue, attributes, match } = this.#options;
    return { method: "POST", path: "/v1/tickets", key: this.#key, body: { queue, ...(attributes && { attributes }), ...(match && { match }) } };
  }

  /** Whether the server has lost the ticket, so that a new one has to be created. */
  #lost(e: unknown): boolean {
    if (e instanceof EndedError) return e.ticket.cause === "closed"; // its queue was closed: the next server may have it
    if (!(e instanceof Problem)) return false;
    return e.code === "ticket_lost" || (this.api.guestChanges !== this.#guest && (e.code === "ticket_unknown" || e.code === "ticket_not_yours"));
  }

  /** Resolves with the ticket when it is matched. */
  async #follow(t: Ticket): Promise<Ticket> {
    this.#id = t.id;
    const { env } = this.api;
    const every = this.#options.explainEvery ? Math.max(this.#options.explainEvery, 1000) : Infinity;
    for (let explained = -Infinity; ; ) {
      this.#report(t);
      if (t.state === "matched") return t;
      if (t.state === "cancelled" || t.state === "expired") throw new EndedError(t);
      await this.#answer(t);
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

  /** Reports a ticket if it has changed. */
  #report(t: Ticket): void {
    const phase = ({ queued: "waiting", proposed: "asked", matched: "found" } as const)[t.state as "queued"];
    if (!phase) return; // the error reports it
    const was = this.#status;
    if (was.phase !== phase || was.ticket?.id !== t.id || was.ticket.version !== t.version) this.#setStatus({ phase, ticket: t });
  }

  /** Long poll: resolves when the ticket changes, after wait s, or when the player answers the proposal. */
  async #next(t: Ticket, wait: number): Promise<Ticket> {
    const { env } = this.api;
    const over = new AbortController();
    const stop = () => over.abort(this.#signal.reason);
    this.#signal.addEventListener("abort", stop);
    this.#acceptance.onanswer = stop;
    const began = env.now();
    try {
      const next = await this.api.request<Ticket>({ method: "GET", path: `${ticketPath(t.id)}?version=${t.version}`, wait }, over.signal);
      if (next.version === t.version && env.now() - began < wait * 500) await pause(env, leastPause, over.signal); // the server did not wait: do not poll in a tight loop
      return next;
    } catch (e) {
      if (over.signal.aborted && !this.#signal.aborted) return t;
      throw e;
    } finally {
      this.#signal.removeEventListener("abort", stop);
      this.#acceptance.onanswer = () => {};
    }
  }

  async #explain(t: Ticket): Promise<void> {
    try {
      const explanation = await this.api.request<Explanation>({ method: "GET", path: `${ticketPath(t.id)}/explain` }, this.#signal);
      this.#setStatus({ phase: "waiting", ticket: t, explanation });
    } catch (e) {
      if (this.#lost(e)) throw e;
      ignoreProblem(e); // it no longer waits: the next poll says what it does
    }
  }

  /** Sends the player's answer to a proposal, if there is one. */
  async #answer(t: Ticket): Promise<void> {
    const yes = this.#acceptance.ask(t);
    if (yes === undefined) return;
    try {
      await this.api.request({ method: "POST", path: `${ticketPath(t.id)}/${yes ? "accept" : "decline"}` }, this.#signal);
    } catch (e) {
      if (this.#lost(e)) throw e;
      ignoreProblem(e); // too late: the next poll says how it ended
    }
  }

  /** Takes the ticket out of the queue when the search ends without a match. */
  async #withdraw(): Promise<void> {
    if (!this.#id && !(this.#signal.aborted && this.#key)) return; // there is none
    try {
      this.#id ||= (await this.api.send<Ticket>({ ...this.#ticketRequest(), last: true })).id; // it may exist: the idempotency key finds it
      await this.api.send({ method: "DELETE", path: ticketPath(this.#id), last: true });
    } catch {
      // it expires by the queue's rules
    }
  }
}

const ticketPath = (id: string) => `/v1/tickets/${encodeURIComponent(id)}`;

/** Ignores a refusal by the server; other errors are thrown on. */
function ignoreProblem(e: unknown): void {
  if (!(e instanceof Problem)) throw e;
}
