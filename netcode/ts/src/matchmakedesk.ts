import { Backoff } from "./core/backoff.ts";
import { browser, type Environment } from "./environment.ts";
import { Problem, problemOf } from "./matchmakeproblem.ts";
import type { Identity } from "./matchmaketypes.ts";

/** ms that an answer may take beyond the wait that was asked for. */
const answerTime = 10_000;

/** What is asked of the server. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly key?: string; // Idempotency-Key
  readonly wait?: number; // s that the server may take its time
  readonly last?: boolean; // the page may be going
}

/** The server's HTTP side, for one player. One request at a time. */
export class Desk {
  readonly env: Environment;
  /** Guests that were made after the first: each is somebody else. */
  others = 0;
  onInterrupted: (why: Error, retryIn: number) => void = () => {};

  readonly #identity: Identity;
  readonly #base: string;
  readonly #backoff: Backoff;
  #token: string | undefined;
  #fresh = false; // the token is new and has not been accepted yet
  #met = false; // the server has answered

  constructor(identity: Identity) {
    this.env = { ...browser(), ...identity.environment };
    this.#identity = identity;
    this.#base = new URL(identity.url ?? this.env.origin, this.env.origin || undefined).href.replace(/^ws/, "http");
    this.#backoff = new Backoff(this.env.random);
    this.#token = identity.token;
  }

  /** Makes a request until it is answered. Before the server has answered anything, it fails if it can't be reached. */
  async ask<T>(r: Request, signal: AbortSignal): Promise<T> {
    for (;;) {
      let failure: Error;
      try {
        this.#token ??= await this.#identify(signal);
        const answer = await this.once<T>(r, signal);
        this.#backoff.opened(-Infinity); // what failed before is forgotten
        return answer;
      } catch (e) {
        signal.throwIfAborted();
        failure = e as Error;
      }
      const refusal = failure instanceof Problem ? failure : undefined;
      if (refusal?.status === 401 && this.#forget()) continue;
      if (refusal ? !refusal.passing : !this.#met || !(failure instanceof Unreachable)) throw failure;
      const wait = this.#backoff.failed(this.env.now()) + (refusal?.retryAfter ?? 0);
      this.onInterrupted(failure, wait);
      await pause(this.env, wait, signal);
      if (r.wait) r = { ...r, wait: 0 }; // first see how things are now
    }
  }

  /** Makes a request. */
  async once<T>(r: Request, signal?: AbortSignal): Promise<T> {
    const over = new AbortController();
    const stop = () => over.abort(signal?.reason);
    signal?.addEventListener("abort", stop);
    const timer = this.env.setTimeout(() => over.abort(new Error("it took too long")), (r.wait ?? 0) * 1000 + answerTime);
    const headers: Record<string, string> = {};
    if (this.#token) headers["Authorization"] = `Bearer ${this.#token}`;
    if (r.body) headers["Content-Type"] = "application/json";
    if (r.key) headers["Idempotency-Key"] = r.key;
    const wait = r.wait === undefined ? "" : `${r.path.includes("?") ? "&" : "?"}wait=${r.wait}`;
    try {
      const answer = await this.env.fetch(new URL(r.path + wait, this.#base).href, {
        method: r.method, headers, signal: over.signal, keepalive: !!r.last, ...(r.body && { body: JSON.stringify(r.body) }),
      });
      this.#met = true;
      if (!answer.ok) throw await problemOf(answer);
      this.#fresh = false;
      return (await answer.json()) as T;
    } catch (e) {
      if (e instanceof Problem) throw e;
      throw new Unreachable(`The server does not answer: ${(e as Error).message}`, { cause: e });
    } finally {
      this.env.clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  async #identify(signal: AbortSignal): Promise<string> {
    const { getToken, name } = this.#identity;
    const token = getToken ? await getToken() : (await this.once<{ token: string }>({ method: "POST", path: "/v1/guest", body: { name: name ?? "" } }, signal)).token;
    this.#fresh = true;
    return token;
  }

  /** Drops a token that was refused; false if there can't be another. */
  #forget(): boolean {
    if (this.#fresh || (!this.#identity.getToken && this.#identity.token !== undefined)) return false;
    if (!this.#identity.getToken) this.others++;
    this.#token = undefined;
    return true;
  }
}

/** No answer came: the network's doing, or the server is away. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** Resolves after so many ms, or sooner when the network comes back; rejects when the signal is aborted. */
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
