import type { Environment } from "./environment.ts";

/** Where a server is reached. */
export interface Addresses {
  /** http or https: what the paths of the API go below; ends in a slash. */
  readonly api: URL;
  /** ws or wss: of the WebSocket of a match, with the query that was given. */
  readonly play: URL;
}

/**
 * Reads the address of a server, by http, https, ws or wss, or that of one of its seats. Its path is a
 * prefix, below which a proxy has the server; one that ends in /play is the WebSocket's. Without an
 * address it is the page's origin; a relative one is relative to that.
 */
export function parseAddress(address: string | undefined, env: Environment): Addresses {
  let url: URL;
  try {
    url = new URL(address ?? env.origin, env.origin || undefined);
  } catch {
    throw new TypeError(`url ${JSON.stringify(address ?? "")}: it must look like https://host, wss://host/prefix or ws://host:port.`);
  }
  if (!/^(http|ws)s?:$/.test(url.protocol)) {
    throw new TypeError(`url ${JSON.stringify(address)}: it must look like https://host, wss://host/prefix or ws://host:port.`);
  }
  const api = new URL(url), play = new URL(url);
  const prefix = url.pathname.replace(/\/+$/, "").replace(/\/play$/, "");
  api.protocol = url.protocol.replace("ws", "http");
  play.protocol = url.protocol.replace("http", "ws");
  api.pathname = prefix + "/";
  play.pathname = prefix + "/play";
  api.search = api.hash = play.hash = "";
  return { api, play };
}
