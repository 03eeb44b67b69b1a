import { Backoff } from "../core/backoff.ts";
import { parseAddress } from "../platform/address.ts";
import { browser, type Environment } from "../platform/environment.ts";
import { Problem, problemOf } from "./problem.ts";
import type { Identity } from "./types.ts";

/** ms that a response may take beyond the wait that was requested. */
const responseTimeout = 10_000;

/** A request to the server. */
export interface Request {
  readonly method: string;
  readonly path: string; // below the server's base; begins with a slash
  readonly body?: object;
  readonly key?: string; // Idempotency-Key
  readonly wait?: number; // of a long poll, in s
  readonly last?: boolean; // sent even if the page is being closed
}

/** The server's matchmaking API over HTTP, for one player: tokens, retries and timeouts. One request at a time. */
export class Api {
  readonly env: Environment;
  /** How many guests were made after the first. To the server each is another player. */
  guestChanges = 0;
  onInterrupted: (why: Error, retryIn: number) => void = () => {};

  readonly #identity: Identity;
  readonly #base: URL;
  readonly #backoff: Backoff;
  #token: string | undefined;
  #untried = false; // the token has not been accepted yet
  #reached = false; // the server has answered

  constructor(identity: Identity) {
    this.env = { ...browser(), ...identity.environment };
    this.#identity = identity;
    this.#base = parseAddress(identity.url, this.env).api;
    this.#backoff = new Backoff(this.env.random);
    this.#token = identity.token;
  }

  /**
   * Sends a request, again after a delay while the server is busy or cannot be reached, and returns its
   * result. If the server has never answered, it throws Unreachable at once; a refusal for good is a Problem.
   */
  async request<T>(r: Request, signal: AbortSignal): Promise<T> {
    for (;;) {
      let failure: Error;
      try {
        this.#token ??= await this.#newToken(signal);
        const answer = await this.send<T>(r, signal);
        this.#backoff.opened(-Infinity); // the next failure is the first again
        return answer;
      } catch (e) {
        signal.throwIfAborted();
        failure = e as Error;
      }
      const refusal = failure instanceof Problem ? failure : undefined;
      if (refusal?.status === 401 && this.#dropToken()) continue;
      if (refusal ? !refusal.temporary : !this.#reached || !(failure instanceof Unreachable)) throw failure;
      const wait = this.#backoff.failed(this.env.now()) + (refusal?.retryAfter ?? 0);
      this.onInterrupted(failure, wait);
      await pause(this.env, wait, signal);
      if (r.wait) r = { ...r, wait: 0 }; // no long poll: the state may have changed meanwhile
    }
  }

  /** Sends a request once. */
  async send<T>(r: Request, signal?: AbortSignal): Promise<T> {
    const over = new AbortController();
    const stop = () => over.abort(signal?.reason);
    signal?.addEventListener("abort", stop);
    const timer = this.env.setTimeout(() => over.abort(new Error("the request timed out")), (r.wait ?? 0) * 1000 + responseTimeout);
    const headers: Record<string, string> = {};
    if (this.#token) headers["Authorization"] = `Bearer ${this.#token}`;
    if (r.body) headers["Content-Type"] = "application/json";
    if (r.key) headers["Idempotency-Key"] = r.key;
    const wait = r.wait === undefined ? "" : `${r.path.includes("?") ? "&" : "?"}wait=${r.wait}`;
    try {
      const answer = await this.env.fetch(new URL(r.path.slice(1) + wait, this.#base).href, {
        method: r.method, headers, signal: over.signal, keepalive: !!r.last, ...(r.body && { body: JSON.stringify(r.body) }),
      });
      this.#reached = true;
      if (!answer.ok) throw await problemOf(answer);
      this.#untried = false;
      return (await answer.json()) as T;
    } catch (e) {
      if (e instanceof Problem) throw e;
      throw new Unreachable(`The server does not answer: ${(e as Error).message}`, { cause: e });
    } finally {
      this.env.clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  async #newToken(signal: AbortSignal): Promise<string> {
    const { getToken, name } = this.#identity;
    const token = getToken ? await getToken() : (await this.send<{ token: string }>({ method: "POST", path: "/v1/guest", body: { name: name ?? "" } }, signal)).token;
    this.#untried = true;
    return token;
  }

  /** Drops a token that was refused. Returns false if no other token can be obtained. */
  #dropToken(): boolean {
    if (this.#untried || (!this.#identity.getToken && this.#identity.token !== undefined)) return false;
    if (!this.#identity.getToken) this.guestChanges++;
    this.#token = undefined;
    return true;
  }
}

/** No response came: the network failed, or the server is down. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** Resolves after ms, or earlier when the network comes back; rejects when the signal is aborted. */
export function pause(env: Environment, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (f: () => void) => {
      env.clearTimeout(timer);
      unwatch();
      signal.removeEventListener("abort", stop);
      f();
    };
    const stop = () => done(() => reject(signal.reason));
    const unwatch = env.page((e) => { if (e === "online") done(resolve); });
    const timer = env.setTimeout(() => done(resolve), ms);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
}
