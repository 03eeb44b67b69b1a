// Converts a room's state to what is drawn.

import type { Arena, Bullet, Drone, Pilot, Runner, Ship, Tag } from "../draw/scene.ts";
import type { Dot, Field, Plain } from "../draw/plain.ts";
import type { Player } from "./player.ts";
import type { InputField } from "../components/controls.ts";
import type { Room } from "arbiter-client";

/** How a game is drawn and controlled: the demo games have scenes of their own, every other game is plain. */
export type SceneKind = "arena" | "tag" | "plain";

const scenes: Record<string, SceneKind> = { arena: "arena", "arena-large": "arena", "arena-uncompensated": "arena", tag: "tag" };

export const sceneOf = (game: string): SceneKind => scenes[game] ?? "plain";

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

/** Rows with a position, from a view of the state of a game without a scene. */
export function dotsOf(room: Room<any>, view: View): Dot[] {
  const dots: Dot[] = [];
  for (const t of room.schema.tables) {
    const owner = t.fields[t.owner]?.path, rows: Rows = t.single ? [] : view[t.name];
    for (const r of rows) {
      if (typeof r.X === "number" && typeof r.Y === "number") {
        dots.push({ x: r.X, y: r.Y, player: owner ? r[owner] : 0, text: typeof r.Name === "string" ? r.Name : "" });
      }
    }
  }
  return dots;
}

/** A game without a scene, from a view of a room's state. */
export function plainOf(player: Player, view: View): Plain {
  const room = player.room!;
  return {
    me: room.player, dots: dotsOf(room, view), field: fieldOf(room),
    tables: room.schema.tables.filter((t) => !t.single).map((t) => ({ name: t.name, rows: view[t.name].size })),
  };
}

/** The bounds of X and Y in the schema, null if a table with positions has none. */
function fieldOf(room: Room<any>): Field | null {
  const field: Field = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const t of room.schema.tables) {
    const x = t.fields.find((f) => f.path === "X"), y = t.fields.find((f) => f.path === "Y");
    if (t.single || !x || !y) continue;
    if (!x.bounded || !y.bounded) return null;
    field.x0 = Math.min(field.x0, Number(x.min) * (x.step || 1));
    field.x1 = Math.max(field.x1, Number(x.max) * (x.step || 1));
    field.y0 = Math.min(field.y0, Number(y.min) * (y.step || 1));
    field.y1 = Math.max(field.y1, Number(y.max) * (y.step || 1));
  }
  return field.x1 > field.x0 ? field : null;
}

const boolKind = 1; // as the schema numbers the types of fields

/** The fields of a game's input that the controls can set: numbers and switches at the top of it. */
export function inputFields(room: Room<any>): InputField[] {
  return room.schema.input.fields.filter((f) => !f.path.includes(".")).map((f) => ({ name: f.path, isSwitch: f.kind === boolKind }));
}
