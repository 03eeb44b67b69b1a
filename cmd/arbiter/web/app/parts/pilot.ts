// Pilots that play by themselves: for a page that nobody has touched yet, and
// for bots. They see what is drawn, as a person would.

import type { Arena, Ship, Tag } from "../draw/scene.ts";

/** What somebody at the controls wants. */
export interface Wish { Thrust?: number; Turn?: number; Fire?: boolean; X?: number; Y?: number }

const bulletFast = 420, bulletFar = 430; // units a second; units
const topSpin = 0.6 * 2 * Math.PI, spinUp = 9 * topSpin;
const tooNear = 90, nearEnough = 190;

/** Hunts the nearest ship: turns, keeps a distance, fires when it is aimed. */
export class Hunter {
  private prey = { id: 0, x: 0, y: 0, at: 0, vx: 0, vy: 0 };
  private aim = 0; // a steady hand is no fun: an error that wanders

  decide(a: Arena, now: number): Wish {
    const own = a.ships.find((s) => s.player === a.me);
    if (!own) return { Thrust: 0, Turn: 0, Fire: false };
    const prey = nearest(a, own);
    if (!prey) return { Thrust: 0, Turn: 0.3 > Math.random() ? 1 : 0, Fire: false };
    this.watch(prey, now);
    this.aim += (Math.random() - 0.5) * 0.05 - this.aim * 0.08;
    const flight = Math.hypot(prey.x - own.x, prey.y - own.y) / bulletFast;
    const dx = prey.x - own.x + (this.prey.vx - own.vx) * flight, dy = prey.y - own.y + (this.prey.vy - own.vy) * flight;
    const far = Math.hypot(dx, dy);
    const off = round(Math.atan2(dy, dx) + this.aim - own.angle);
    const rest = off - (own.spin * Math.abs(own.spin)) / (2 * spinUp);
    const ahead = Math.abs(off) < 0.8;
    return {
      Turn: rest > 0.1 ? 1 : rest < -0.1 ? -1 : 0,
      Fire: far < bulletFar && Math.abs(off) < Math.max(0.08, Math.atan2(14, far)) && prey.safe <= a.tick,
      Thrust: far < tooNear ? -1 : ahead && far > nearEnough ? 1 : 0,
    };
  }

  /** Learns how fast the prey flies. */
  private watch(prey: Ship, now: number): void {
    const p = this.prey, dt = (now - p.at) / 1000;
    if (p.id !== prey.id || dt > 0.5) this.prey = { id: prey.id, x: prey.x, y: prey.y, at: now, vx: 0, vy: 0 };
    else if (dt > 0.08) this.prey = { id: prey.id, x: prey.x, y: prey.y, at: now, vx: (prey.x - p.x) / dt, vy: (prey.y - p.y) / dt };
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

/** Plays tag: chases who is near when it is it, else keeps away from who is. */
export function chase(t: Tag, now: number): Wish {
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
    const turn = now / 4000 + 2 * t.me; // stroll, each about another way
    return { X: towards(own.x, 50 + 34 * Math.cos(turn)), Y: towards(own.y, 50 + 34 * Math.sin(1.3 * turn)) };
  }
  if (t.it === t.me) return { X: towards(own.x, other.x), Y: towards(own.y, other.y) };
  if ((Math.floor(now / 700) + t.me) % 4 === 0) return { X: 0, Y: 0 }; // out of breath: all are equally fast
  return { X: away(own.x, other.x), Y: away(own.y, other.y) };
}

/** Flees, but not into a wall. */
function away(from: number, to: number): number {
  if (from < 8) return 1;
  if (from > 92) return -1;
  return from >= to ? 1 : -1;
}
