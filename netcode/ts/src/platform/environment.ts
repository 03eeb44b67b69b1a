/** The part of a WebSocket that the client uses. */
export interface Socket {
  binaryType: string;
  readonly protocol: string;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  /* eslint-disable @typescript-eslint/no-explicit-any */
  onopen: ((e: any) => void) | null;
  onmessage: ((e: any) => void) | null; // data: ArrayBuffer
  onclose: ((e: any) => void) | null; // code, reason
  onerror: ((e: any) => void) | null;
}

/** Opens a connection. */
export type Transport = (url: string, protocols: string[]) => Socket;

/** The page was shown or hidden, or the network came or went. */
export type PageEvent = "shown" | "hidden" | "online" | "offline";

/** The platform that the client runs on: clock, timers, random numbers, HTTP, page. */
export interface Environment {
  /** A monotonic clock, in ms. */
  now(): number;
  setTimeout(f: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** 0…1 */
  random(): number;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** The base of relative URLs. */
  origin: string;
  /** Calls f with page events until the returned function is called. */
  page(f: (e: PageEvent) => void): () => void;
}

/** The environment of a browser's page; of other hosts, as much of it as they have. */
export function browser(): Environment {
  return {
    now: () => performance.now(),
    setTimeout: (f, ms) => setTimeout(f, ms),
    clearTimeout: (t) => clearTimeout(t as number),
    random: Math.random,
    fetch: request,
    origin: pageOrigin(),
    page: watchPage,
  };
}

/** The origin of the page's server; of a page without one, such as srcdoc, that of the page around it; else empty. */
function pageOrigin(): string {
  for (const base of [globalThis.location?.href, (globalThis.document as Document | undefined)?.baseURI]) {
    const origin = base ? new URL(base).origin : ""; // "null" for file: and data:, in some browsers "file://"
    if (origin.startsWith("http")) return origin;
  }
  return "";
}

/** Fetches, and says why where a browser says only that it failed: the page's own policy, or that nothing answered. */
async function request(url: string, init: RequestInit): Promise<Response> {
  const page = globalThis.document as Document | undefined, type = "securitypolicyviolation";
  let isBlocked = false;
  const violated = (e: SecurityPolicyViolationEvent): void => void (isBlocked ||= e.effectiveDirective === "connect-src");
  page?.addEventListener(type, violated);
  try {
    return await fetch(url, init);
  } catch (e) {
    if (!(e instanceof TypeError)) throw e; // aborted
    await new Promise((resolve) => setTimeout(resolve)); // a violation is told after it
    const { origin } = new URL(url);
    throw new TypeError(isBlocked ? `this page's Content-Security-Policy does not allow ${origin}; add it to connect-src` : `${origin} can't be reached`, { cause: e });
  } finally {
    page?.removeEventListener(type, violated);
  }
}

function watchPage(f: (e: PageEvent) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const doc = globalThis.document as Document | undefined;
  doc?.addEventListener("visibilitychange", () => f(doc.hidden ? "hidden" : "shown"), { signal });
  for (const e of ["online", "offline"] as const) globalThis.addEventListener?.(e, () => f(e), { signal });
  return () => stop.abort();
}
