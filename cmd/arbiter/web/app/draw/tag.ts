// Paints a game of tag.

import type { Runner, Tag } from "./scene.ts";
import { font, type Surface } from "./surface.ts";
import { colours, faded, type PlayerColour } from "../theme.ts";

const size = 100; // the field is a square of so many units

/** Paints a game of tag on one canvas. */
export class TagPainter {
  private trails = new Map<number, { x: number; y: number }[]>();
  private touchedAt = -1e9;

  constructor(private surface: Surface, private colourOf: PlayerColour) {}

  /** Notes that a player was caught. */
  touch(): void { this.touchedAt = performance.now(); }

  paint(t: Tag, ghosts: Runner[] | null): void {
    if (!this.surface.begin()) return;
    const s = this.surface, { g } = s, c = colours();
    g.fillStyle = c.space;
    g.fillRect(0, 0, s.w, s.h);
    const scale = (Math.min(s.w, s.h) - 24) / size;
    const ox = (s.w - size * scale) / 2, oy = (s.h - size * scale) / 2;
    g.save();
    g.translate(ox, oy);
    g.scale(scale, scale);
    this.paintField(g, scale);
    for (const r of ghosts ?? []) this.paintGhost(g, r, scale);
    for (const r of t.runners) this.paintRunner(g, r, t, scale);
    g.restore();
    for (const r of t.runners) {
      g.font = font(11, r.player === t.me ? 700 : 500);
      g.textAlign = "center";
      g.textBaseline = "top";
      g.fillStyle = r.player === t.me ? this.colourOf(r.player) : faded(c.text, 0.78);
      const label = `${r.name || `runner ${r.player}`} · ${r.score}`;
      g.fillText(label, this.surface.within(ox + r.x * scale, g.measureText(label).width), Math.min(oy + (r.y + 2.4) * scale, this.surface.h - 14));
    }
  }

  private paintField(g: CanvasRenderingContext2D, scale: number): void {
    const c = colours();
    const flash = Math.max(0, 1 - (performance.now() - this.touchedAt) / 500);
    g.fillStyle = faded(flash > 0 ? c.warn : c.grid, flash > 0 ? 0.18 * flash : 0.4);
    g.fillRect(0, 0, size, size);
    g.strokeStyle = c.grid;
    g.lineWidth = 1 / scale;
    g.beginPath();
    for (let i = 10; i < size; i += 10) { g.moveTo(i, 0); g.lineTo(i, size); g.moveTo(0, i); g.lineTo(size, i); }
    g.stroke();
    g.strokeStyle = c.wall;
    g.lineWidth = 1.5 / scale;
    g.strokeRect(0, 0, size, size);
  }

  private paintGhost(g: CanvasRenderingContext2D, r: Runner, scale: number): void {
    g.setLineDash([4 / scale, 3 / scale]);
    g.strokeStyle = faded(colours().text, 0.7);
    g.lineWidth = 1.2 / scale;
    g.beginPath();
    g.arc(r.x, r.y, 1.8, 0, 2 * Math.PI);
    g.stroke();
    g.setLineDash([]);
  }

  private paintRunner(g: CanvasRenderingContext2D, r: Runner, t: Tag, scale: number): void {
    const colour = this.colourOf(r.player), it = t.it === r.player;
    const trail = this.trails.get(r.id) ?? [];
    trail.push({ x: r.x, y: r.y });
    if (trail.length > 26) trail.shift();
    this.trails.set(r.id, trail);
    if (this.trails.size > 4 * t.runners.length + 8) this.trails.clear();
    trail.forEach((p, i) => {
      g.fillStyle = faded(colour, 0.16 * (i / trail.length));
      g.beginPath();
      g.arc(p.x, p.y, 1.7 * (i / trail.length), 0, 2 * Math.PI);
      g.fill();
    });
    if (it) {
      const beat = 0.5 + 0.5 * Math.sin(performance.now() / 160);
      g.strokeStyle = faded(colours().bad, t.safe > t.tick ? 0.3 : 0.5 + 0.5 * beat);
      g.lineWidth = 2.5 / scale;
      g.strokeRect(r.x - 2.6, r.y - 2.6, 5.2, 5.2);
    }
    g.fillStyle = colour;
    g.beginPath();
    g.arc(r.x, r.y, 1.7, 0, 2 * Math.PI);
    g.fill();
    g.strokeStyle = it ? colours().bad : faded(colours().text, 0.5);
    g.lineWidth = 1.2 / scale;
    g.stroke();
  }
}
