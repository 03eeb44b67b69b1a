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

/** Gets the tokens that a client connects with. */
export interface Tokens {
  /** Returns the token for the next connection. A guest's is requested once. */
  next(): Promise<string>;
  /**
   * Reports whether the server no longer accepts the guest token it issued, because it restarted
   * with other keys. The next token is then another guest's.
   */
  lapsed(): Promise<boolean>;
}

export function tokens(t: Target, env: Environment): Tokens {
  let guest: Promise<string> | undefined;
  return {
    async next() {
      if (t.getToken) return t.getToken();
      if (t.token !== undefined) return t.token;
      guest ??= askGuest(t, env);
      guest.catch(() => (guest = undefined));
      return guest;
    },
    async lapsed() {
      if (!guest) return false;
      const { status } = await post(t, env, "matches", {}, await guest); // starts none: it names no game
      if (status === 401) guest = undefined;
      return !guest;
    },
  };
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
