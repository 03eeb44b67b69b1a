// Particles: short-lived, bounded in number, an effect only.

import type { Bang } from "./scene.ts";
import { faded, isCalm } from "../theme.ts";

interface Spark { x: number; y: number; vx: number; vy: number; born: number; life: number; size: number; colour: string }
interface Ring { x: number; y: number; born: number; life: number; radius: number; colour: string }

/** The most particles and rings at a time: nothing is painted, and none ends, while the page is hidden. */
const most = 500, mostRings = 50;

/** The particles of one canvas, in field units. */
export class Sparks {
  private sparks: Spark[] = [];
  private rings: Ring[] = [];

  bang(b: Bang, colour: string): void {
    const now = performance.now();
    const [count, speed, life, radius] = { ship: [46, 150, 900, 70], drone: [20, 100, 600, 30], hit: [9, 120, 350, 14] }[b.kind] as
      [number, number, number, number];
    for (let i = 0; i < count; i++) {
      const angle = Math.random() * 2 * Math.PI, v = speed * (0.15 + Math.random() ** 2);
      this.add({
        x: b.x, y: b.y, vx: Math.cos(angle) * v, vy: Math.sin(angle) * v, born: now,
        life: life * (0.4 + 0.6 * Math.random()), size: 1.2 + 2.4 * Math.random(),
        colour: i % 3 === 0 ? "#ffd166" : i % 3 === 1 ? "#ff8c42" : colour,
      });
    }
    if (this.rings.length < mostRings) this.rings.push({ x: b.x, y: b.y, born: now, life: life * 0.6, radius, colour });
  }

  /** Adds one particle of a flame. */
  puff(x: number, y: number, angle: number): void {
    const spread = angle + (Math.random() - 0.5) * 0.7, v = 60 + 60 * Math.random();
    this.add({
      x, y, vx: Math.cos(spread) * v, vy: Math.sin(spread) * v, born: performance.now(),
      life: 180 + 220 * Math.random(), size: 1 + 1.4 * Math.random(), colour: Math.random() < 0.5 ? "#ffb347" : "#ff7b39",
    });
  }

  private add(s: Spark): void {
    if (this.sparks.length < most && !isCalm()) this.sparks.push(s);
  }

  /** Paints in field units. */
  paint(g: CanvasRenderingContext2D): void {
    const now = performance.now();
    this.sparks = this.sparks.filter((s) => now - s.born < s.life);
    this.rings = this.rings.filter((r) => now - r.born < r.life);
    for (const s of this.sparks) {
      const age = (now - s.born) / s.life, t = (now - s.born) / 1000;
      const slow = 1 - 0.45 * age;
      g.fillStyle = faded(s.colour, 1 - age * age);
      const size = s.size * (1 - 0.5 * age);
      g.fillRect(s.x + s.vx * t * slow - size / 2, s.y + s.vy * t * slow - size / 2, size, size);
    }
    for (const r of this.rings) {
      const age = (now - r.born) / r.life, out = isCalm() ? 1 : 1 - (1 - age) ** 3;
      g.strokeStyle = faded(r.colour, 0.7 * (1 - age));
      g.lineWidth = 3 * (1 - age) + 0.5;
      g.beginPath();
      g.arc(r.x, r.y, 4 + r.radius * out, 0, 2 * Math.PI);
      g.stroke();
      if (age < 0.25 && !isCalm()) {
        g.fillStyle = faded("#fff3c4", 0.7 * (1 - age * 4));
        g.beginPath();
        g.arc(r.x, r.y, r.radius * 0.35, 0, 2 * Math.PI);
        g.fill();
      }
    }
  }
}
