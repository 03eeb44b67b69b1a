// The autopilot: plays for a player who has not touched the controls yet, and for bots. It
// acts on what is drawn, as a person would.

import type { Arena, Ship, Tag } from "../draw/scene.ts";

/** The input of either demo game. */
export interface GameInput { Thrust?: number; Turn?: number; Fire?: boolean; X?: number; Y?: number }

const bulletFast = 420, bulletFar = 430; // units a second; units
const topSpin = 0.6 * 2 * Math.PI, spinUp = 9 * topSpin;
const tooNear = 90, nearEnough = 190;

/** Hunts the nearest ship: turns, keeps a distance, fires when it is aimed. */
export class Hunter {
  private target = { id: 0, x: 0, y: 0, at: 0, vx: 0, vy: 0 };
  private aim = 0; // an aiming error that drifts, so that it can be beaten

  decide(a: Arena, now: number): GameInput {
    const own = a.ships.find((s) => s.player === a.me);
    if (!own) return { Thrust: 0, Turn: 0, Fire: false };
    const enemy = nearest(a, own);
    if (!enemy) return { Thrust: 0, Turn: 0.3 > Math.random() ? 1 : 0, Fire: false };
    this.watch(enemy, now);
    this.aim += (Math.random() - 0.5) * 0.05 - this.aim * 0.08;
    const flight = Math.hypot(enemy.x - own.x, enemy.y - own.y) / bulletFast;
    const dx = enemy.x - own.x + (this.target.vx - own.vx) * flight, dy = enemy.y - own.y + (this.target.vy - own.vy) * flight;
    const far = Math.hypot(dx, dy);
    const off = round(Math.atan2(dy, dx) + this.aim - own.angle);
    const rest = off - (own.spin * Math.abs(own.spin)) / (2 * spinUp);
    const ahead = Math.abs(off) < 0.8;
    return {
      Turn: rest > 0.1 ? 1 : rest < -0.1 ? -1 : 0,
      Fire: far < bulletFar && Math.abs(off) < Math.max(0.08, Math.atan2(14, far)) && enemy.safe <= a.tick,
      Thrust: far < tooNear ? -1 : ahead && far > nearEnough ? 1 : 0,
    };
  }

  /** Estimates the velocity of the target. */
  private watch(enemy: Ship, now: number): void {
    const p = this.target, dt = (now - p.at) / 1000;
    if (p.id !== enemy.id || dt > 0.5) this.target = { id: enemy.id, x: enemy.x, y: enemy.y, at: now, vx: 0, vy: 0 };
    else if (dt > 0.08) this.target = { id: enemy.id, x: enemy.x, y: enemy.y, at: now, vx: (enemy.x - p.x) / dt, vy: (enemy.y - p.y) / dt };
  }
}

function nearest(a: Arena, own: Ship): Ship | null {
  let best: Ship | null = null, least = Infinity;
  const look = (s: Ship) => {
    const d = Math.hypot(s.x - own.x, s.y - own.y);
    if (d < least) [best, least] = [s, d];
  };
  for (const s of a.ships) if (s !== own) look(s);
  if (!best) for (const d of a.drones) look({ ...own, id: -d.id, x: d.x, y: d.y, safe: 0 });
  return best;
}

/** An angle as −π…π. */
const round = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));

/** Plays tag: chases the nearest player while it is "it", otherwise keeps away from whoever is. */
export function chase(t: Tag, now: number): GameInput {
  const own = t.runners.find((r) => r.player === t.me);
  if (!own) return { X: 0, Y: 0 };
  let other = null, least = Infinity;
  for (const r of t.runners) {
    if (r === own || (t.it !== t.me && r.player !== t.it)) continue;
    const d = Math.hypot(r.x - own.x, r.y - own.y);
    if (d < least) [other, least] = [r, d];
  }
  const towards = (from: number, to: number) => (Math.abs(to - from) <= 1 ? 0 : Math.sign(to - from));
  if (!other || (t.it !== t.me && least > 35)) {
    const turn = now / 4000 + 2 * t.me; // wander, each along another curve
    return { X: towards(own.x, 50 + 34 * Math.cos(turn)), Y: towards(own.y, 50 + 34 * Math.sin(1.3 * turn)) };
  }
  if (t.it === t.me) return { X: towards(own.x, other.x), Y: towards(own.y, other.y) };
  if ((Math.floor(now / 700) + t.me) % 4 === 0) return { X: 0, Y: 0 }; // pause: all players are equally fast
  return { X: away(own.x, other.x), Y: away(own.y, other.y) };
}

/** Flees, but not into a wall. */
function away(from: number, to: number): number {
  if (from < 8) return 1;
  if (from > 92) return -1;
  return from >= to ? 1 : -1;
}
