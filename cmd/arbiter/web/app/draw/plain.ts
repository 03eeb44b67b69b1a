// Paints a game that has no scene of its own: every row with X and Y is a dot.

import { font, type Surface } from "./surface.ts";
import { colours, faded, type PlayerColour } from "../theme.ts";

/** A row with a position. player is its owner, 0 for nobody. */
export interface Dot { x: number; y: number; player: number; text: string }

/** What is painted: the dots, and the field they are in, if the game's schema bounds it. */
export interface Plain { me: number; dots: Dot[]; field: Field | null; tables: { name: string; rows: number }[] }
export interface Field { x0: number; y0: number; x1: number; y1: number }

/** One canvas's game without a scene. */
export class PlainPainter {
  private seen: Field = { x0: 0, y0: 0, x1: 1, y1: 1 };

  constructor(private surface: Surface, private colourOf: PlayerColour) {}

  paint(p: Plain, ghosts: Dot[] | null): void {
    if (!this.surface.begin()) return;
    const { g, w, h } = this.surface, c = colours();
    g.fillStyle = c.space;
    g.fillRect(0, 0, w, h);
    const f = p.field ?? this.extent(p.dots);
    const scale = Math.min((w - 32) / Math.max(f.x1 - f.x0, 1), (h - 48) / Math.max(f.y1 - f.y0, 1));
    const ox = (w - (f.x1 - f.x0) * scale) / 2, oy = (h - 16 - (f.y1 - f.y0) * scale) / 2;
    const at = (d: Dot): [number, number] => [ox + (d.x - f.x0) * scale, oy + (d.y - f.y0) * scale];
    g.strokeStyle = c.wall;
    g.strokeRect(ox, oy, (f.x1 - f.x0) * scale, (f.y1 - f.y0) * scale);
    for (const d of ghosts ?? []) this.circle(at(d), 7, null, faded(c.text, 0.6));
    for (const d of p.dots) {
      const own = d.player !== 0, [x, y] = at(d);
      this.circle([x, y], own ? 6 : 3, own ? this.colourOf(d.player) : faded(c.text, 0.55), null);
      if (d.text) this.write(d.text, x, y + 9, "center");
    }
    this.write(p.tables.map((t) => `${t.name} ${t.rows}`).join("   "), 12, h - 18, "left");
  }

  private circle([x, y]: [number, number], r: number, fill: string | null, stroke: string | null): void {
    const { g } = this.surface;
    g.beginPath();
    g.arc(x, y, r, 0, 2 * Math.PI);
    if (fill) { g.fillStyle = fill; g.fill(); }
    if (stroke) { g.strokeStyle = stroke; g.stroke(); }
  }

  private write(text: string, x: number, y: number, align: CanvasTextAlign): void {
    const { g } = this.surface;
    g.font = font(11);
    g.textAlign = align;
    g.textBaseline = "top";
    g.fillStyle = faded(colours().text, 0.78);
    g.fillText(text, x, y);
  }

  /** The field that all dots seen so far are in. */
  private extent(dots: Dot[]): Field {
    const s = this.seen;
    for (const d of dots) {
      s.x0 = Math.min(s.x0, d.x); s.x1 = Math.max(s.x1, d.x);
      s.y0 = Math.min(s.y0, d.y); s.y1 = Math.max(s.y1, d.y);
    }
    return s;
  }
}
