// Bots: clients of this page without a view, steered by the autopilot.

import { chase, Hunter, type GameInput } from "../components/autopilot.ts";
import { Player } from "./player.ts";
import { arenaOf, tagOf } from "./scenes.ts";

export const names = ["Vega", "Rigel", "Deneb", "Altair", "Mira", "Castor", "Spica", "Atlas"];
/** Milliseconds between two decisions. */
const pause = 110;

/** Steers a player by the autopilot until the returned timer is cleared. */
export function steer(player: Player): number {
  const hunter = new Hunter();
  const decide = (): GameInput | null => {
    const room = player.room;
    if (!room || room.status.phase !== "playing") return null;
    const now = performance.now();
    return player.options.game === "tag" ? chase(tagOf(player, room.state), now) : hunter.decide(arenaOf(player, room.state), now);
  };
  return window.setInterval(() => {
    const input = decide();
    if (input) player.room?.input(input);
  }, pause);
}

/** The bots of one match. */
export class Bots {
  private list: { player: Player; timer: number }[] = [];
  constructor(private game: string, private match: string) {}

  get count(): number { return this.list.length; }

  /** Adds or removes bots until there are count, at most eight. */
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
