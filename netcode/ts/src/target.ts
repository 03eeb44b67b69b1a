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
  return new URL(t.url ?? env.origin, env.origin || undefined);
}

/** Gives the token of each connection. A guest's is asked for once. */
export function tokens(t: Target, env: Environment): () => Promise<string> {
  let guest: Promise<string> | undefined;
  return async () => {
    if (t.getToken) return t.getToken();
    if (t.token !== undefined) return t.token;
    guest ??= askGuest(t, env);
    guest.catch(() => (guest = undefined));
    return guest;
  };
}

async function askGuest(t: Target, env: Environment): Promise<string> {
  const answer = await env.fetch(new URL("/v1/guest", serverURL(t, env).href.replace(/^ws/, "http")).href, { method: "POST", body: JSON.stringify({ name: t.name ?? "" }) });
  const body = (await answer.json()) as { token?: string; error?: { message?: string } };
  if (!body.token) throw new TypeError(body.error?.message ?? `no guest token: status ${answer.status}`);
  return body.token;
}
