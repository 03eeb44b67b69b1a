// The server's HTTP API: guests, games, matches.

export interface GameInfo { name: string; tick_rate: number; snapshot_rate: number; max_players: number }
export interface MatchInfo {
  id: string; game: string; players: number; spectators: number; max_players: number; tick: number; state: string;
}

/** What the server's paths go below: a proxy may have the server under a prefix. */
export const base = new URL(".", document.baseURI);

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(new URL(path, base), init).catch(() => {
    throw new Error("The server can't be reached. Check that it runs and that you are online, then try again.");
  });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.detail ?? `${path} returned status ${response.status}`);
  return body as T;
}

const post = (body: unknown, token?: string): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
  body: JSON.stringify(body),
});

/** A token for a guest with that name, from a server that runs without keys. */
export async function guest(name: string): Promise<string> {
  return (await request<{ token: string }>("v1/guest", post({ name }))).token;
}

export async function games(): Promise<GameInfo[]> {
  return (await request<{ games: GameInfo[] }>("v1/games")).games;
}

/** The running matches, of one game or of all. */
export async function matches(game = ""): Promise<MatchInfo[]> {
  return (await request<{ matches: MatchInfo[] }>("v1/matches" + (game && `?game=${game}`))).matches;
}

/** Creates a match. */
export async function createMatch(game: string): Promise<MatchInfo> {
  return request<MatchInfo>("v1/matches", post({ game }, await guest("host")));
}

/** The match to join: the fullest open one with at most maxPlayers players, or a new one. */
export async function findMatch(game: string, maxPlayers: number): Promise<MatchInfo> {
  const open = (await matches(game)).filter((m) => m.state === "open" && m.players <= maxPlayers);
  open.sort((a, b) => b.players - a.players || a.id.localeCompare(b.id));
  return open[0] ?? createMatch(game);
}
