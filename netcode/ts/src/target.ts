import type { Environment } from "./environment.ts";

/** Where to play and as whom. */
export interface Target {
  readonly url?: string;
  readonly game: string;
  readonly match?: string;
  readonly spectate?: boolean;
  readonly token?: string;
  readonly getToken?: () => string | Promise<string>;
  readonly name?: string;
}

/** No token could be had. */
export class TokenError extends Error {
  override name = "TokenError";
}

/** The WebSocket's URL. match overrides the target's. */
export function playURL(t: Target, env: Environment, match?: string): string {
  const u = serverURL(t, env);
  u.protocol = u.protocol.replace("http", "ws");
  if (u.pathname === "/") u.pathname = "/play";
  u.searchParams.set("game", t.game);
  match ||= t.match;
  if (match) u.searchParams.set("match", match);
  if (t.spectate) u.searchParams.set("spectate", "1");
  return u.href;
}

function serverURL(t: Target, env: Environment): URL {
  const url = t.url ?? env.origin;
  try {
    return new URL(url, env.origin || undefined);
  } catch {
    throw new TypeError(`arbiter-client: url "${url}" must look like https://host or ws://host:port`);
  }
}

/** Gives the token of each connection. A guest's is asked for once. */
export function tokens(t: Target, env: Environment): () => Promise<string> {
  let guest: Promise<string> | undefined;
  return async () => {
    if (t.getToken) return t.getToken();
    if (t.token !== undefined) return t.token;
    guest ??= askGuest(t, env);
    try {
      return await guest;
    } catch (e) {
      guest = undefined;
      throw e;
    }
  };
}

async function askGuest(t: Target, env: Environment): Promise<string> {
  const u = new URL("/v1/guest", serverURL(t, env));
  u.protocol = u.protocol.replace("ws", "http");
  const answer = await env.fetch(u.href, { method: "POST", body: JSON.stringify({ name: t.name ?? "" }) });
  const body = (await answer.json()) as { token?: string; error?: { message?: string } };
  if (!body.token) throw new TokenError(body.error?.message ?? `the server gave no guest token: status ${answer.status}`);
  return body.token;
}
