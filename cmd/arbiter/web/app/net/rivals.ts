// Company in a queue: players of this page who seek a match too, and play in it.

import { matchmake, type Attributes } from "arbiter-client/matchmake";
import { guest } from "./api.ts";
import { names, steer } from "./bots.ts";
import { Player } from "./player.ts";
import { similar, type QueueInfo } from "./queues.ts";

/** Each takes a connection to wait on, of which browsers allow six at a time to one server over HTTP/1.1. */
export const mostRivals = 4;

/** Those who came with the player. */
export class Rivals {
  private list: Rival[] = [];

  get count(): number { return this.list.length; }

  /** Has so many of them queue. */
  call(count: number, queue: QueueInfo, like: Attributes): void {
    while (this.list.length < Math.min(count, mostRivals)) {
      this.list.push(new Rival(names[this.list.length % names.length]!, queue, similar(queue, like)));
    }
  }

  stop(): void {
    for (const r of this.list) r.stop();
    this.list = [];
  }
}

class Rival {
  private gone = new AbortController();
  private player: Player | null = null;
  private timer = 0;

  constructor(name: string, queue: QueueInfo, attributes: Attributes) {
    void this.live(name, queue, attributes).catch(() => {}); // aborted, or the match fell through: nobody misses it
  }

  private async live(name: string, queue: QueueInfo, attributes: Attributes): Promise<void> {
    const seat = await matchmake({ queue: queue.name, attributes, token: await guest(name), signal: this.gone.signal });
    const player = this.player = new Player({ game: seat.game, match: seat.match, name, token: seat.token });
    this.timer = steer(player);
    await player.start();
  }

  stop(): void {
    this.gone.abort();
    clearInterval(this.timer);
    this.player?.stop();
  }
}
