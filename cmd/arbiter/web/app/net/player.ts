// One connection of the page: a player, a spectator or a bot.

import { connect, type Predictor, type Room, type Status } from "arbiter-client";
import { Line } from "./line.ts";

export interface Place { game: string; match?: string; spectate?: boolean; name: string }

/** Somebody from this page in a match. Its line can be made worse at any time. */
export class Player {
  readonly line = new Line();
  room: Room<any> | null = null;
  status: Status | null = null;
  failure = "";
  onjoined: (room: Room<any>) => void = () => {};
  onstatus: (status: Status) => void = () => {};
  private gone = new AbortController();

  constructor(readonly place: Place) {}

  /** Connects. Never throws: failure says why it could not. */
  async start(): Promise<void> {
    try {
      const room = await connect<any>({
        ...this.place,
        transport: this.line.open,
        signal: this.gone.signal,
        onStatus: (s) => { this.status = s; this.onstatus(s); },
      });
      if (this.gone.signal.aborted) return room.leave();
      this.room = room;
      this.onjoined(room);
    } catch (e) {
      if (!this.gone.signal.aborted) this.failure = e instanceof Error ? e.message : String(e);
    }
  }

  /** Draws own rows ahead of the server, or (null) like everybody's. */
  predict(p: Predictor | null): void { this.room?.predict(p); }

  stop(): void {
    this.gone.abort();
    this.room?.leave();
    this.room = null;
  }
}
