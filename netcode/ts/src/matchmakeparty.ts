import { Desk } from "./matchmakedesk.ts";
import { Problem } from "./matchmakeproblem.ts";
import { Search } from "./matchmakesearch.ts";
import type { Attributes, FoundSeat, Identity, MatchmakeOptions, Ticket } from "./matchmaketypes.ts";

/** What the server says of a party. */
export interface PartyState {
  readonly id: string;
  readonly code: string; // others join by it
  readonly queue?: string; // that start() takes
  readonly version: number;
  readonly state: "open" | "queued" | "closed";
  readonly leader: string;
  readonly members: readonly PartyMember[];
  readonly ticket?: string; // the last one
}

export interface PartyMember {
  readonly player: string;
  readonly name: string;
  readonly ready: boolean;
}

export interface PartyOptions extends Identity {
  readonly signal?: AbortSignal;
}

const pollWait = 25; // s

/** Makes a party, which its maker leads. Others join it by state.code. */
export const makeParty = (options: PartyOptions, queue = ""): Promise<Party> => enter(options, "/v1/parties", { queue });

/** Joins the party of a code. */
export const joinParty = (options: PartyOptions, code: string): Promise<Party> => enter(options, "/v1/parties/join", { code });

async function enter(options: PartyOptions, path: string, body: object): Promise<Party> {
  const desk = new Desk(options), signal = options.signal ?? new AbortController().signal;
  return new Party(options, desk, signal, await desk.ask<PartyState>({ method: "POST", path, body }, signal));
}

/** Players who queue together, as one of them sees it. One call at a time. */
export class Party {
  #seen: string | undefined; // the ticket that was followed last
  readonly #options: PartyOptions;
  readonly #desk: Desk;
  readonly #signal: AbortSignal;
  state: PartyState;

  constructor(options: PartyOptions, desk: Desk, signal: AbortSignal, state: PartyState) {
    this.#options = options;
    this.#desk = desk;
    this.#signal = signal;
    this.state = state;
    this.#seen = state.ticket;
  }

  async #post<T>(verb: string, body: object): Promise<T> {
    return this.#desk.ask<T>({ method: "POST", path: `/v1/parties/${this.state.id}/${verb}`, body }, this.#signal);
  }

  /** Says that the player is ready, or not, and what he is like. */
  async ready(ready: boolean, attributes?: Attributes): Promise<void> {
    this.state = await this.#post("ready", { ready, ...(attributes && { attributes }) });
  }

  /** Takes another player out. Only the leader may. */
  async kick(player: string): Promise<void> {
    this.state = await this.#post("kick", { player });
  }

  /** Takes the player out, unless the party is queued. */
  async leave(): Promise<void> {
    await this.#post("leave", {}).catch(unless("party_not_member", "party_unknown", "party_lost"));
  }

  /** Queues the party. Only the leader may, when all are ready; he too calls find() then. */
  async start(queue?: string): Promise<void> {
    await this.#post("start", queue ? { queue } : {}).catch(unless("party_queued")); // the answer to the first attempt was lost
  }

  /** Resolves when the party has changed, or after a while. */
  async changed(): Promise<PartyState> {
    const { id, version } = this.state;
    return (this.state = await this.#desk.ask<PartyState>({ method: "GET", path: `/v1/parties/${id}?version=${version}`, wait: pollWait }, this.#signal));
  }

  /** Waits until the party is queued, and resolves as matchmake() does. It does not queue again by itself. */
  async find(options: Omit<MatchmakeOptions, "queue" | keyof Identity | "signal"> = {}): Promise<FoundSeat> {
    while (!this.state.ticket || this.state.ticket === this.#seen) await this.changed();
    const id = (this.#seen = this.state.ticket);
    const search = new Search({ ...this.#options, ...options, queue: "", signal: this.#signal }, this.#desk);
    return search.run(await this.#desk.ask<Ticket>({ method: "GET", path: `/v1/tickets/${id}` }, this.#signal));
  }
}

/** Lets refusals of these codes pass. */
function unless(...codes: string[]): (e: unknown) => void {
  return (e) => {
    if (!(e instanceof Problem) || !codes.includes(e.code)) throw e;
  };
}
