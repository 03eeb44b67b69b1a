import { browser, type Environment, type Transport } from "../platform/environment.ts";
import { Client } from "./client.ts";
import { Room } from "./room.ts";
import { ClosedError, type Status } from "./status.ts";
import type { Target } from "./target.ts";
import type { AnyGame, Game, Predict, SmoothingOptions } from "./types.ts";

/** Options of connect(). See README.md for each. */
export interface Options<G extends Game = AnyGame> extends Target, Partial<SmoothingOptions> {
  readonly predict?: Predict<G>;
  readonly transport?: Transport;
  readonly onStatus?: (s: Status) => void;
  readonly environment?: Partial<Environment>;
}

/** Joins a match. Resolves when the first snapshot has arrived; rejects with a ClosedError if none does. */
export function connect<G extends Game = AnyGame>(options: Options<G>): Promise<Room<G>> {
  const client = new Client({
    transport: (url, protocols) => new WebSocket(url, protocols),
    ...options,
    environment: { ...browser(), ...options.environment },
  });
  const room = new Room<G>(client, options);
  if (options.onStatus) room.onStatus(options.onStatus);
  if (options.predict) room.predict(options.predict);
  return new Promise((resolve, reject) => {
    const stop = room.onStatus((s) => {
      if (s.phase === "closed") reject(new ClosedError(s));
    });
    const first = room.onSnapshot(() => {
      stop();
      first();
      resolve(room);
    });
    client.connect();
  });
}
