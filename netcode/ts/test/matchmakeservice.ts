import type { Ticket, TicketState } from "../src/matchmake/types.ts";
import { chance } from "./recording.ts";
import { World } from "./world.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Held = Mutable<Ticket>;
type Fault = (url: URL) => Response;

/** A matchmaking server in memory and virtual time, as matchmake_test has it for Go. */
export class Service {
  readonly world = new World(chance(7));
  readonly tickets = new Map<string, Held>();
  readonly log: string[] = [];
  polls = 0;
  epoch = "a";
  guests = 0;
  valid = new Set(["secret"]);
  /** Tried in order before each request; null lets it through. */
  faults: (Fault | null)[] = [];
  private keys = new Map<string, string>();
  private waiting = new Set<() => void>();

  /** Lets virtual time pass, and all promises settle. */
  async run(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.world.run(Math.min(left, 50));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const url = new URL(address), signal = init.signal!;
    const fault = this.faults.shift();
    if (fault) return fault(url);
    if (url.searchParams.has("wait")) this.polls++;
    else this.log.push(`${init.method} ${url.pathname}`);
    const headers = init.headers as Record<string, string>;
    if (url.pathname === "/v1/guest") {
      const token = `guest ${++this.guests} of ${this.epoch}`;
      this.valid.add(token);
      return json(201, { token });
    }
    if (!this.valid.has(headers["Authorization"]?.slice(7) ?? "")) return problem(401, "token_invalid");
    if (url.pathname === "/v1/tickets") return this.post(headers["Idempotency-Key"]!, JSON.parse(init.body as string) as { queue: string });
    if (url.pathname.startsWith("/v1/parties")) return this.party(url, JSON.parse((init.body as string) ?? "{}") as { code?: string });
    const [, , , id = "", verb] = url.pathname.split("/");
    const ticket = this.tickets.get(id);
    if (!ticket) return id.startsWith(this.epoch) ? problem(404, "ticket_unknown") : problem(410, "ticket_lost");
    if (verb === "explain") return json(200, { reason: "players", waiting: 1, needed: 2 });
    if (init.method === "GET") return this.poll(id, url, signal);
    if (init.method === "DELETE") this.set(ticket, "cancelled", "cancelled");
    else if (ticket.state !== "proposed") return problem(409, "ticket_not_proposed");
    else if (verb === "decline") this.set(ticket, "cancelled", "declined");
    else this.match(ticket);
    return json(200, ticket);
  };

  private post(key: string, order: { queue: string }): Response {
    const known = this.keys.get(key);
    if (known) return json(200, this.tickets.get(known));
    for (const t of this.tickets.values()) if (t.state === "queued") return problem(409, "player_already_queued", t.id);
    if (!order.queue) return problem(404, "queue_unknown");
    const id = `${this.epoch}-${this.tickets.size + 1}`;
    const ticket: Held = { id, queue: order.queue, version: 1, state: "queued", cause: "added", players: ["ann"], age_seconds: 0 };
    this.tickets.set(id, ticket);
    this.keys.set(key, id);
    return json(201, ticket);
  }

  /** One party, of which everybody who comes is ready. */
  readonly members: { player: string; name: string; ready: boolean }[] = [];
  private partyTicket = "";

  private async party(url: URL, body: { code?: string }): Promise<Response> {
    const verb = url.pathname.split("/").at(-1);
    if (body.code !== undefined && body.code !== "abcd") return problem(404, "party_code_unknown");
    if (verb === "parties" || verb === "join") this.members.push({ player: `p${this.members.length}`, name: "", ready: true });
    if (verb === "start") {
      if (this.partyTicket) return problem(409, "party_queued");
      this.partyTicket = "a-1";
      this.tickets.set("a-1", { id: "a-1", queue: "fives", version: 1, state: "queued", cause: "added", players: [], age_seconds: 0 });
    }
    if (verb === "leave") return problem(410, "party_lost");
    if (url.searchParams.has("wait")) await new Promise<void>((resolve) => this.world.after(1000, resolve));
    return json(200, { id: "p", code: "abcd", version: 1, state: "open", leader: "p0", members: this.members, ...(this.partyTicket && { ticket: this.partyTicket }) });
  }

  private async poll(id: string, url: URL, signal: AbortSignal): Promise<Response> {
    const version = Number(url.searchParams.get("version"));
    let over = false;
    this.world.after(Number(url.searchParams.get("wait")) * 1000, () => { over = true; this.wake(); });
    signal.addEventListener("abort", () => this.wake());
    for (;;) {
      signal.throwIfAborted();
      const ticket = this.tickets.get(id);
      if (!ticket) return problem(410, "ticket_lost");
      if (ticket.version > version || over) return json(200, ticket);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  private wake(): void {
    for (const f of this.waiting) f();
    this.waiting.clear();
  }

  set(t: Held, state: TicketState, cause: string): void {
    Object.assign(t, { state, cause, version: t.version + 1 });
    if (state !== "proposed") delete t.proposal;
    this.wake();
  }

  propose(t: Held, n: number): void {
    t.proposal = { accepted: [], players: 2, until: `2030-01-01T00:00:0${n}Z` };
    this.set(t, "proposed", "found");
  }

  match(t: Held): void {
    t.match = {
      id: "m1", game: "arena", teams: [], quality: { spread: 0, gap: 0, latency: 0 },
      seats: [{ match: "m1", game: "arena", url: "ws://test/play?game=arena&match=m1", player: "ann", team: "a", token: "seat", expires: "" }],
    };
    this.set(t, "matched", "found");
  }

  /** The ticket that waits. */
  get open(): Held {
    for (const t of this.tickets.values()) if (t.state === "queued" || t.state === "proposed") return t;
    throw new Error("no ticket waits");
  }

  /** Forgets everything, as a server does that is started anew. */
  restart(epoch: string): void {
    this.tickets.clear();
    this.keys.clear();
    this.epoch = epoch;
    this.valid = new Set(["secret"]);
    this.wake();
  }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, code: string, ticket?: string) => json(status, { code, status, detail: "because", ticket });

/** The network fails. */
export const cut: Fault = () => {
  throw new TypeError("network");
};

/** Refuses with a Retry-After of so many seconds. */
export const busy = (seconds: number): Fault => () => json(429, { code: "too_many_requests" }, { "Retry-After": String(seconds) });
