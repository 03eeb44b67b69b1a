import { parseAddress } from "../platform/address.ts";
import type { Environment } from "../platform/environment.ts";

/** The match to join, and who the player is. */
export interface Target {
  readonly url?: string;
  readonly game: string;
  readonly match?: string;
  readonly spectate?: boolean;
  readonly token?: string;
  readonly getToken?: () => string | Promise<string>;
  readonly name?: string;
}

/** The WebSocket's URL. match overrides the target's. */
export function playURL(t: Target, env: Environment, match?: string): string {
  const u = parseAddress(t.url, env).play;
  u.searchParams.set("game", t.game);
  match ||= t.match;
  if (match) u.searchParams.set("match", match);
  if (t.spectate) u.searchParams.set("spectate", "1");
  return u.href;
}

const tokenTimeout = 30_000; // ms for one call of getToken
const askTimeout = 5000; // ms for the server to say why it refuses

/** What the server says over HTTP about a connection that it refused. */
export type Refusal =
  | { readonly kind: "unreachable" } // no answer, or none that this page may read
  | { readonly kind: "token"; readonly reason: string } // it does not accept the token
  | { readonly kind: "busy"; readonly reason: string; readonly after: number } // it asks to be left alone for that many ms
  | { readonly kind: "none" }; // it has nothing against the client

/** Gets the tokens that a client connects with. */
export interface Tokens {
  /** Returns the token for the next connection. A guest's is requested once. */
  next(): Promise<string>;
  /** Asks why a connection with that token was refused. */
  refusal(token: string): Promise<Refusal>;
  /** Forgets a guest's token, unless it is another one by now, and reports whether the next may be accepted in its place. */
  refused(token: string): boolean;
}

export function tokens(t: Target, env: Environment): Tokens {
  let guest: Promise<string> | undefined;
  let known = ""; // the guest's token
  async function get(): Promise<string> {
    if (t.getToken) {
      const token: unknown = await t.getToken();
      if (typeof token !== "string" || !token) throw new TypeError("getToken returned no token.");
      return token;
    }
    if (t.token !== undefined) return t.token;
    guest ??= askGuest(t, env);
    guest.catch(() => (guest = undefined));
    return (known = await guest);
  }
  return {
    next: () => within(env, tokenTimeout, get(), "No token came within 30 s."),
    async refusal(token) {
      try {
        return await within(env, askTimeout, ask(t, env, token), "");
      } catch {
        return { kind: "unreachable" };
      }
    },
    refused(token) {
      if (guest && token === known) guest = undefined;
      return t.getToken !== undefined || t.token === undefined;
    },
  };
}

/** What p resolves with, or an error after ms. */
function within<T>(env: Environment, ms: number, p: Promise<T>, otherwise: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = env.setTimeout(() => reject(new TypeError(otherwise)), ms);
    p.then(resolve, reject).finally(() => env.clearTimeout(timer));
  });
}

/** Asks what a connection with a token would meet. The request begins no match: it names no game. */
async function ask(t: Target, env: Environment, token: string): Promise<Refusal> {
  const answer = await post(t, env, "matches", {}, token);
  const { status } = answer;
  const said = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string };
  const reason = said.detail ?? said.title ?? `status ${status}`;
  if (status === 401) return { kind: "token", reason };
  if (status !== 429 && status < 500) return { kind: "none" };
  const seconds = Number(answer.headers.get("Retry-After") ?? 0);
  return { kind: "busy", reason, after: seconds > 0 ? Math.min(seconds, 3600) * 1000 : 0 };
}

function post(t: Target, env: Environment, path: string, body: object, token = ""): Promise<Response> {
  const url = new URL("v1/" + path, parseAddress(t.url, env).api);
  return env.fetch(url.href, { method: "POST", body: JSON.stringify(body), ...(token && { headers: { Authorization: `Bearer ${token}` } }) });
}

async function askGuest(t: Target, env: Environment): Promise<string> {
  const answer = await post(t, env, "guest", { name: t.name ?? "" });
  const body = (await answer.json()) as { token?: string; detail?: string };
  if (!body.token) throw new TypeError(body.detail ?? `No guest token: status ${answer.status}.`);
  return body.token;
}
