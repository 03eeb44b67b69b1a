// Paints the large arena as a map: rows that a client was sent, and rows that it was not.

import { Camera } from "./camera.ts";
import { paintTags } from "./hud.ts";
import type { Arena } from "./scene.ts";
import { paintBullet, paintDrone, paintShip } from "./ships.ts";
import { paintSky } from "./sky.ts";
import type { Surface } from "./surface.ts";
import { colours, faded, type PlayerColour } from "../theme.ts";

/** An area of interest, in field units. */
export interface Circle { x: number; y: number; radius: number }

/** Paints the map on one canvas. */
export class MapPainter {
  private camera = new Camera();
  constructor(private surface: Surface, private colourOf: PlayerColour) {}

  /** `sent` has the rows that the player was sent; `all`, if known, has every row. */
  paint(sent: Arena, all: Arena | null, eye: Circle | null): void {
    if (!this.surface.begin()) return;
    const s = this.surface, { g } = s, c = colours();
    this.camera.aim(s, sent, eye, s.w < 480 ? 1900 : Infinity);
    paintSky(s, this.camera, sent, true);
    g.save();
    this.camera.apply(g);
    if (all) this.paintKept(g, sent, all);
    if (eye) {
      g.beginPath();
      g.arc(eye.x, eye.y, eye.radius, 0, 2 * Math.PI);
      g.fillStyle = faded(c.sides[0], 0.08);
      g.fill();
      g.lineWidth = 1.5 / this.camera.scale;
      g.setLineDash([8 / this.camera.scale, 5 / this.camera.scale]);
      g.strokeStyle = faded(c.sides[0], 0.9);
      g.stroke();
      g.setLineDash([]);
    }
    const grow = Math.max(1, 0.42 / this.camera.scale);
    for (const d of sent.drones) paintDrone(g, d, grow);
    for (const b of sent.bullets) paintBullet(g, b, 0, 0, this.colourOf(b.player));
    for (const ship of sent.ships) paintShip(g, ship, this.colourOf(ship.player), sent.tick, grow * 1.5);
    g.restore();
    paintTags(s, this.camera, sent, this.colourOf);
  }

  /** Dots for rows that were not sent. */
  private paintKept(g: CanvasRenderingContext2D, sent: Arena, all: Arena): void {
    const has = new Set(sent.drones.map((d) => d.id)), ships = new Set(sent.ships.map((x) => x.id));
    const r = 3 / this.camera.scale;
    g.fillStyle = faded(colours().text, 0.38);
    for (const d of all.drones) {
      if (!has.has(d.id)) g.fillRect(d.x - r / 2, d.y - r / 2, r, r);
    }
    g.strokeStyle = faded(colours().text, 0.5);
    g.lineWidth = 1 / this.camera.scale;
    for (const ship of all.ships) {
      if (ships.has(ship.id)) continue;
      g.beginPath();
      g.arc(ship.x, ship.y, 2 * r, 0, 2 * Math.PI);
      g.stroke();
    }
  }
}
