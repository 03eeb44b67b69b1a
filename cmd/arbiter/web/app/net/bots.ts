// Company: headless clients of this page that play simply.

import { chase, Hunter, type Wish } from "../parts/pilot.ts";
import { Player } from "./player.ts";
import { arenaOf, tagOf } from "./scenes.ts";

export const names = ["Vega", "Rigel", "Deneb", "Altair", "Mira", "Castor", "Spica", "Atlas"];
/** Milliseconds between two decisions. */
const pause = 110;

/** Has a player steer itself, until the timer returned is cleared. */
export function steer(player: Player): number {
  const hunter = new Hunter();
  const decide = (): Wish | null => {
    const room = player.room;
    if (!room || room.status.phase !== "playing") return null;
    const now = performance.now();
    return player.place.game === "tag" ? chase(tagOf(player, room.state), now) : hunter.decide(arenaOf(player, room.state), now);
  };
  return window.setInterval(() => {
    const wish = decide();
    if (wish) player.room?.input(wish);
  }, pause);
}

/** The bots of one match. */
export class Bots {
  private list: { player: Player; timer: number }[] = [];
  constructor(private game: string, private match: string) {}

  get count(): number { return this.list.length; }

  /** Makes them as many as that, at most eight. */
  set(count: number): void {
    while (this.list.length > Math.max(count, 0)) this.remove();
    while (this.list.length < Math.min(count, names.length)) this.add();
  }

  private add(): void {
    const player = new Player({ game: this.game, match: this.match, name: names[this.list.length]! });
    this.list.push({ player, timer: steer(player) });
    void player.start();
  }

  private remove(): void {
    const bot = this.list.pop();
    if (!bot) return;
    clearInterval(bot.timer);
    bot.player.stop();
  }
}
