// The server's HTTP side: guests, games, matches.

export interface GameInfo { name: string; tick_rate: number; snapshot_rate: number; max_players: number }
export interface MatchInfo {
  id: string; game: string; players: number; spectators: number; max_players: number; tick: number; state: string;
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.detail ?? `${path} answered ${response.status}`);
  return body as T;
}

const post = (body: unknown, token?: string): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
  body: JSON.stringify(body),
});

/** A token for a guest of that name, from a server that was given no keys. */
export async function guest(name: string): Promise<string> {
  return (await ask<{ token: string }>("/v1/guest", post({ name }))).token;
}

export async function games(): Promise<GameInfo[]> {
  return (await ask<{ games: GameInfo[] }>("/v1/games")).games;
}

/** The running matches, of one game or of all. */
export async function matches(game = ""): Promise<MatchInfo[]> {
  return (await ask<{ matches: MatchInfo[] }>("/v1/matches" + (game && `?game=${game}`))).matches;
}

/** Begins a match. */
export async function begin(game: string): Promise<MatchInfo> {
  return ask<MatchInfo>("/v1/matches", post({ game }, await guest("host")));
}

/** The match to play in: the fullest that is no more crowded than that, or a new one. */
export async function findMatch(game: string, crowd: number): Promise<MatchInfo> {
  const open = (await matches(game)).filter((m) => m.state === "open" && m.players <= crowd);
  open.sort((a, b) => b.players - a.players || a.id.localeCompare(b.id));
  return open[0] ?? begin(game);
}
