// The rows that are drawn.

export interface Ship {
  id: number; player: number; x: number; y: number; angle: number; thrust: boolean; hp: number;
  safe: number; // tick until which it cannot be hit
  vx: number; vy: number; spin: number; // of own ships only, else 0
}
export interface Bullet { id: number; player: number; x: number; y: number }
export interface Drone { id: number; x: number; y: number }
export interface Pilot { player: number; name: string; score: number; kills: number; deaths: number; back: number }

/** An arena at one moment. */
export interface Arena {
  w: number; h: number;
  tick: number; rate: number;
  me: number; // player, 0 for a spectator
  ends: number; // the round's last tick
  ships: Ship[]; bullets: Bullet[]; drones: Drone[]; pilots: Pilot[];
}

/** An effect to draw. */
export interface Bang { x: number; y: number; kind: "ship" | "drone" | "hit" }

export interface Runner { id: number; player: number; name: string; x: number; y: number; score: number }

/** A game of tag at one moment. */
export interface Tag { tick: number; rate: number; me: number; it: number; safe: number; runners: Runner[] }

/** Ships as the server has them now, to be drawn as outlines. */
export type Ghosts = Ship[] | null;
