// Bots in a queue: players of this page who search for a match too, and play in it.

import { matchmake, type Attributes } from "arbiter-client/matchmake";
import { base, guest } from "./api.ts";
import { names, steer } from "./bots.ts";
import { Player } from "./player.ts";
import { similar, type QueueInfo } from "./queues.ts";

/** Each holds a connection for its long poll; browsers allow six at a time to one server over HTTP/1.1. */
export const maxQueueBots = 4;

/** The bots that queue with the player. */
export class QueueBots {
  private list: QueueBot[] = [];

  get count(): number { return this.list.length; }

  /** Adds bots until count of them queue. */
  set(count: number, queue: QueueInfo, like: Attributes): void {
    while (this.list.length < Math.min(count, maxQueueBots)) {
      this.list.push(new QueueBot(names[this.list.length % names.length]!, queue, similar(queue, like)));
    }
  }

  stop(): void {
    for (const r of this.list) r.stop();
    this.list = [];
  }
}

class QueueBot {
  private stopped = new AbortController();
  private player: Player | null = null;
  private timer = 0;

  constructor(name: string, queue: QueueInfo, attributes: Attributes) {
    void this.run(name, queue, attributes).catch(() => {}); // aborted, or there was no match
  }

  private async run(name: string, queue: QueueInfo, attributes: Attributes): Promise<void> {
    const seat = await matchmake({ url: base.href, queue: queue.name, attributes, token: await guest(name), signal: this.stopped.signal });
    const player = this.player = new Player({ game: seat.game, match: seat.match, name, token: seat.token });
    this.timer = steer(player);
    await player.start();
  }

  stop(): void {
    this.stopped.abort();
    clearInterval(this.timer);
    this.player?.stop();
  }
}
