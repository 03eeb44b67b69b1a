// One connection of the page: a player, a spectator or a bot.

import { connect, type PredictorFor, type Room, type Status } from "arbiter-client";
import { base, guest } from "./api.ts";
import { recall, remember } from "../storage.ts";
import { Link } from "./link.ts";

/** Where to play and as whom. */
export interface PlayerOptions { game: string; match?: string; spectate?: boolean; name: string; token?: string /* from matchmaking */ }

/** A client of this page in a match. Its network can be degraded at any time. */
export class Player {
  readonly link = new Link();
  room: Room<any> | null = null;
  status: Status | null = null;
  failure = "";
  /** Of the newest state. */
  tick = 0;
  onjoined: (room: Room<any>) => void = () => {};
  onstatus: (status: Status) => void = () => {};
  private stopped = new AbortController();

  constructor(readonly options: PlayerOptions) {}

  /** Connects. Never throws: failure has the reason. */
  async start(): Promise<void> {
    try {
      const room = await this.join().catch((e: unknown) => {
        if (!this.link.refused || this.stopped.signal.aborted) throw e;
        return this.join(); // with another token
      });
      if (this.stopped.signal.aborted) return room.leave();
      this.room = room;
      room.onSnapshot((s) => { this.tick = s.tick; });
      this.onjoined(room);
    } catch (e) {
      if (!this.stopped.signal.aborted) this.failure = e instanceof Error ? e.message : String(e);
    }
  }

  private join(): Promise<Room<any>> {
    return connect<any>({
      url: base.href,
      ...this.options,
      transport: this.link.open,
      getToken: () => this.token(),
      onStatus: (s) => { this.status = s; this.onstatus(s); },
    });
  }

  /**
   * The token of the guest that this was before the page was reloaded, so that the seat is resumed; a
   * new guest if the server refused that token.
   */
  private async token(): Promise<string> {
    if (this.options.token) return this.options.token;
    const key = `arbiter-guest-${this.options.name}`;
    const known = this.link.refused ? null : recall("sessionStorage", key);
    const token = known ?? (await guest(this.options.name));
    remember("sessionStorage", key, token);
    return token;
  }

  /** Turns client-side prediction on, or off (null). */
  predict(p: PredictorFor | null): void { void this.room?.predict(p); }

  stop(): void {
    this.stopped.abort();
    this.room?.leave();
    this.room = null;
  }
}
