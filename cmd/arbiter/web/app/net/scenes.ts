// Converts a room's state to what is drawn.

import type { Arena, Bullet, Drone, Pilot, Runner, Ship, Tag } from "../draw/scene.ts";
import type { Player } from "./player.ts";

/** State as any of the demo games has it, without generated types. */
type Rows = Iterable<Record<string, any>>;
export type View = Record<string, any>;

const all = <T>(rows: Rows | undefined, f: (row: Record<string, any>) => T): T[] => {
  const list: T[] = [];
  for (const row of rows ?? []) list.push(f(row));
  return list;
};

const ship = (r: Record<string, any>): Ship => ({
  id: r.id, player: r.Player, x: r.X, y: r.Y, angle: r.Angle, thrust: r.Thrust, hp: r.HP, safe: r.Safe,
  vx: r.VX ?? 0, vy: r.VY ?? 0, spin: r.Spin ?? 0,
});
const bullet = (r: Record<string, any>): Bullet => ({ id: r.id, player: r.Player, x: r.X, y: r.Y });
const drone = (r: Record<string, any>): Drone => ({ id: r.id, x: r.X, y: r.Y });
const pilot = (r: Record<string, any>): Pilot => ({
  player: r.Player, name: r.Name, score: r.Score, kills: r.Kills, deaths: r.Deaths, back: r.Back,
});
const runner = (r: Record<string, any>): Runner => ({ id: r.id, player: r.Player, name: r.Name, x: r.X, y: r.Y, score: r.Score });

/** The arena that a view of a room's state holds. A view may be empty while another seat is asked for. */
export function arenaOf(player: Player, view: View): Arena {
  const room = player.room!;
  return {
    w: view.Field?.W ?? 1152, h: view.Field?.H ?? 648, tick: player.tick, rate: room.tickRate, me: room.player, ends: view.Round?.Ends ?? 0,
    ships: all(view.Ships, ship), bullets: all(view.Bullets, bullet), drones: all(view.Drones, drone),
    pilots: all(view.Pilots, pilot),
  };
}

/** The ships of a view alone. */
export const shipsOf = (view: View): Ship[] => all(view.Ships, ship);

/** The game of tag that a view of a room's state holds. */
export function tagOf(player: Player, view: View): Tag {
  const room = player.room!;
  return {
    tick: player.tick, rate: room.tickRate, me: room.player, it: view.Chase?.It ?? 0, safe: view.Chase?.Safe ?? 0,
    runners: all(view.Runners, runner),
  };
}
