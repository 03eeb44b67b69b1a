// The server's matchmaking queues, and attributes for their players.

import type { Attributes, AttributeValue } from "arbiter-client/matchmake";
import { base } from "./api.ts";

export interface AttributeInfo {
  name: string; kind: "number" | "string" | "set" | "latency"; required: boolean;
  default?: AttributeValue; min?: number; max?: number; values?: string[];
}

export interface QueueInfo {
  name: string; game: string;
  attributes: AttributeInfo[];
  teams: { name: string; count: number; min: number; max: number }[];
  acceptance: { required: boolean; timeout_seconds?: number };
  backfill: boolean;
  waiting: { players: number; tickets: number };
  matches_formed: number;
  wait_seconds: { p50: number; p95: number; p99: number };
  estimate_seconds?: number;
}

/** The queues of the server; none if it has no matchmaking. */
export async function queues(): Promise<QueueInfo[]> {
  const response = await fetch(new URL("v1/queues", base)).catch(() => {
    throw new Error("The server can't be reached. Check that it runs and that you are online, then try again.");
  });
  if (response.status === 404) return [];
  const body = (await response.json().catch(() => null)) as { queues?: QueueInfo[]; detail?: string } | null;
  if (!body?.queues) throw new Error(body?.detail ?? `The list of queues could not be loaded: status ${response.status}.`);
  return body.queues;
}

/** The fewest players of a match, when every rule has relaxed. */
export const leastPlayers = (q: QueueInfo): number => q.teams.reduce((n, t) => n + t.count * t.min, 0);

/** The teams in words: "5 against 5". */
export function teamsOf(q: QueueInfo): string {
  const sizes = q.teams.flatMap((t) => Array<string>(t.count).fill(t.min === t.max ? `${t.max}` : `${t.min}–${t.max}`));
  return sizes.length <= 3 ? sizes.join(" against ") : `${sizes.length} teams of ${sizes[0]}`;
}

/** Milliseconds to each region from a home in one of them. */
export function distances(regions: readonly string[], home: number): Record<string, number> {
  return Object.fromEntries(regions.map((r, i) => [r, 24 + 75 * Math.abs(i - home)]));
}

/** Default attributes. */
export function defaultAttributes(q: QueueInfo): Record<string, AttributeValue> {
  const all: Record<string, AttributeValue> = {};
  for (const a of q.attributes) all[a.name] = defaultValue(a);
  return all;
}

function defaultValue(a: AttributeInfo): AttributeValue {
  if (a.kind === "latency") return distances(a.values ?? [], 0);
  if (a.default !== undefined) return a.default;
  if (a.kind === "number") return ((a.min ?? 0) + (a.max ?? 0)) / 2;
  return a.kind === "set" ? (a.values ?? []) : (a.values?.[0] ?? "");
}

/** Attributes similar to those given: numbers differ a little. */
export function similar(q: QueueInfo, to: Attributes): Attributes {
  const own = { ...to };
  for (const a of q.attributes) {
    const v = own[a.name];
    if (a.kind === "number" && typeof v === "number") own[a.name] = clamp(Math.round(v + (Math.random() - 0.5) * 60), a);
    if (a.kind === "set" && a.values) own[a.name] = a.values; // whichever role is left
  }
  return own;
}

const clamp = (v: number, a: AttributeInfo) => Math.min(Math.max(v, a.min ?? -Infinity), a.max ?? Infinity);
