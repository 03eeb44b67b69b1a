// One connection of the page: a player, a spectator or a bot.

import { connect, type PredictorFor, type Room, type Status } from "arbiter-client";
import { guest } from "./api.ts";
import { Line } from "./line.ts";

export interface Place { game: string; match?: string; spectate?: boolean; name: string; token?: string /* of a seat */ }

/** Somebody from this page in a match. Its line can be made worse at any time. */
export class Player {
  readonly line = new Line();
  room: Room<any> | null = null;
  status: Status | null = null;
  failure = "";
  /** Of the newest state. */
  tick = 0;
  onjoined: (room: Room<any>) => void = () => {};
  onstatus: (status: Status) => void = () => {};
  private gone = new AbortController();

  constructor(readonly place: Place) {}

  /** Connects. Never throws: failure says why it could not. */
  async start(): Promise<void> {
    try {
      const room = await this.join().catch((e: unknown) => {
        if (!this.line.refused || this.gone.signal.aborted) throw e;
        return this.join(); // with another token
      });
      if (this.gone.signal.aborted) return room.leave();
      this.room = room;
      room.onSnapshot((s) => { this.tick = s.tick; });
      this.onjoined(room);
    } catch (e) {
      if (!this.gone.signal.aborted) this.failure = e instanceof Error ? e.message : String(e);
    }
  }

  private join(): Promise<Room<any>> {
    return connect<any>({
      ...this.place,
      transport: this.line.open,
      getToken: () => this.token(),
      onStatus: (s) => { this.status = s; this.onstatus(s); },
    });
  }

  /**
   * Who this is: the same guest as before the page was loaded again, who gets
   * his seat back, unless a server that knows nothing of him refuses him.
   */
  private async token(): Promise<string> {
    if (this.place.token) return this.place.token;
    const key = `arbiter-guest-${this.place.name}`;
    const known = this.line.refused ? null : sessionStorage.getItem(key);
    const token = known ?? (await guest(this.place.name));
    sessionStorage.setItem(key, token);
    return token;
  }

  /** Draws own rows ahead of the server, or (null) like everybody's. */
  predict(p: PredictorFor | null): void { void this.room?.predict(p); }

  stop(): void {
    this.gone.abort();
    this.room?.leave();
    this.room = null;
  }
}
