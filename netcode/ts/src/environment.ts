/** What is used of a WebSocket. */
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

/** What happens to the page: it is shown, hidden, or the network comes and goes. */
export type PageEvent = "shown" | "hidden" | "online" | "offline";

/** What surrounds a room. */
export interface Environment {
  /** ms, never going back. */
  now(): number;
  setTimeout(f: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** 0…1 */
  random(): number;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Where relative URLs lead. */
  origin: string;
  /** Tells what happens to the page, until the returned function is called. */
  page(f: (e: PageEvent) => void): () => void;
}

/** A browser's page; elsewhere, as much of it as there is. */
export function browser(): Environment {
  return {
    now: () => performance.now(),
    setTimeout: (f, ms) => setTimeout(f, ms),
    clearTimeout: (t) => clearTimeout(t as number),
    random: Math.random,
    fetch: (url, init) => fetch(url, init),
    origin: globalThis.location?.origin ?? "",
    page: watchPage,
  };
}

function watchPage(f: (e: PageEvent) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const doc = globalThis.document as Document | undefined;
  doc?.addEventListener("visibilitychange", () => f(doc.hidden ? "hidden" : "shown"), { signal });
  for (const e of ["online", "offline"] as const) globalThis.addEventListener?.(e, () => f(e), { signal });
  return () => stop.abort();
}
