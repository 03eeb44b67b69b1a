import { Api } from "./api.ts";
import { Problem } from "./problem.ts";
import { Search } from "./search.ts";
import type { Attributes, FoundSeat, Identity, MatchmakeOptions, Ticket } from "./types.ts";

/** A party as the server reports it. */
export interface PartyState {
  readonly id: string;
  readonly code: string; // with which others join
  readonly queue?: string; // that start() uses by default
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

/** Creates a party and leads it. Others join it with state.code. */
export const makeParty = (options: PartyOptions, queue = ""): Promise<Party> => open(options, "/v1/parties", { queue });

/** Joins the party with this code. */
export const joinParty = (options: PartyOptions, code: string): Promise<Party> => open(options, "/v1/parties/join", { code });

async function open(options: PartyOptions, path: string, body: object): Promise<Party> {
  const api = new Api(options), signal = options.signal ?? new AbortController().signal;
  return new Party(options, api, signal, await api.request<PartyState>({ method: "POST", path, body }, signal));
}

/** A party: players who queue together, from the side of one of them. Make one call at a time. */
export class Party {
  #followed: string | undefined; // the last ticket that find() followed
  readonly #options: PartyOptions;
  readonly #api: Api;
  readonly #signal: AbortSignal;
  state: PartyState;

  constructor(options: PartyOptions, api: Api, signal: AbortSignal, state: PartyState) {
    this.#options = options;
    this.#api = api;
    this.#signal = signal;
    this.state = state;
    this.#followed = state.ticket;
  }

  async #post<T>(verb: string, body: object): Promise<T> {
    return this.#api.request<T>({ method: "POST", path: `/v1/parties/${this.state.id}/${verb}`, body }, this.#signal);
  }

  /** Says whether the player is ready, and sets their attributes. */
  async ready(ready: boolean, attributes?: Attributes): Promise<void> {
    this.state = await this.#post("ready", { ready, ...(attributes && { attributes }) });
  }

  /** Removes another player. Only the leader may. */
  async kick(player: string): Promise<void> {
    this.state = await this.#post("kick", { player });
  }

  /** Leaves the party. Not possible while it is queued. */
  async leave(): Promise<void> {
    await this.#post("leave", {}).catch(unless("party_not_member", "party_unknown", "party_lost"));
  }

  /** Queues the party, when all are ready. Only the leader may. Every member, the leader too, then calls find(). */
  async start(queue?: string): Promise<void> {
    await this.#post("start", queue ? { queue } : {}).catch(unless("party_queued")); // the response to an earlier attempt was lost
  }

  /** Resolves when the party has changed, or after 25 s. */
  async changed(): Promise<PartyState> {
    const { id, version } = this.state;
    return (this.state = await this.#api.request<PartyState>({ method: "GET", path: `/v1/parties/${id}?version=${version}`, wait: pollWait }, this.#signal));
  }

  /** Waits until the party is queued, and resolves as matchmake() does. It does not queue again by itself. */
  async find(options: Omit<MatchmakeOptions, "queue" | keyof Identity | "signal"> = {}): Promise<FoundSeat> {
    while (!this.state.ticket || this.state.ticket === this.#followed) await this.changed();
    const id = (this.#followed = this.state.ticket);
    const search = new Search({ ...this.#options, ...options, queue: "", signal: this.#signal }, this.#api);
    return search.run(await this.#api.request<Ticket>({ method: "GET", path: `/v1/tickets/${id}` }, this.#signal));
  }
}

/** Ignores problems with these codes. */
function unless(...codes: string[]): (e: unknown) => void {
  return (e) => {
    if (!(e instanceof Problem) || !codes.includes(e.code)) throw e;
  };
}
