// Paints an arena as one player sees it.

import { Camera } from "./camera.ts";
import { paintHud, paintTags } from "./hud.ts";
import type { Arena, Bang, Bullet, Ghosts, Ship } from "./scene.ts";
import { paintBullet, paintDrone, paintGhost, paintShip } from "./ships.ts";
import { paintSky } from "./sky.ts";
import { Sparks } from "./sparks.ts";
import type { Surface } from "./surface.ts";
import { colours, isCalm, type PlayerColour } from "../theme.ts";

/** Paints an arena on one canvas; keeps the trails and particles between animation frames. */
export class ArenaPainter {
  readonly camera = new Camera();
  private sparks = new Sparks();
  private trails = new Map<number, { x: number; y: number; dx: number; dy: number }>();
  private hurt = new Map<number, { hp: number; at: number }>();
  private last: { x: number; y: number } | null = null;

  constructor(private surface: Surface, private colourOf: PlayerColour) {}

  bang(b: Bang, by = 0): void { this.sparks.bang(b, by ? this.colourOf(by) : colours().warn); }

  paint(a: Arena, ghosts: Ghosts): void {
    if (!this.surface.begin()) return;
    const s = this.surface, g = s.g;
    const own = a.ships.find((ship) => ship.player === a.me);
    if (own) this.last = { x: own.x, y: own.y };
    this.camera.aim(s, a, a.me ? this.last : null, a.me ? (s.w < 480 ? 660 : 980) : Infinity);
    paintSky(s, this.camera, a, isCalm());
    g.save();
    this.camera.apply(g);
    for (const d of a.drones) paintDrone(g, d);
    for (const ghost of ghosts ?? []) paintGhost(g, ghost, a.ships.find((ship) => ship.id === ghost.id));
    this.paintBullets(g, a.bullets);
    for (const ship of a.ships) this.paintOne(g, ship, a);
    this.sparks.paint(g);
    g.restore();
    paintTags(s, this.camera, a, this.colourOf);
    paintHud(s, a, this.colourOf);
  }

  private paintOne(g: CanvasRenderingContext2D, ship: Ship, a: Arena): void {
    const now = performance.now(), was = this.hurt.get(ship.id);
    if (!was || was.hp !== ship.hp) this.hurt.set(ship.id, { hp: ship.hp, at: was && ship.hp < was.hp ? now : -1e9 });
    if (this.hurt.size > 4 * a.ships.length + 16) this.hurt.clear();
    const colour = this.colourOf(ship.player);
    paintShip(g, ship, colour, a.tick, Math.max(1.2, 0.6 / this.camera.scale));
    const since = now - (this.hurt.get(ship.id)?.at ?? -1e9);
    if (since < 220) {
      g.fillStyle = `rgba(255,255,255,${0.6 * (1 - since / 220)})`;
      g.beginPath();
      g.arc(ship.x, ship.y, 17, 0, 2 * Math.PI);
      g.fill();
    }
    if (ship.thrust && Math.random() < 0.6) {
      this.sparks.puff(ship.x - 12 * Math.cos(ship.angle), ship.y - 12 * Math.sin(ship.angle), ship.angle + Math.PI);
    }
  }

  private paintBullets(g: CanvasRenderingContext2D, bullets: Bullet[]): void {
    const next: typeof this.trails = new Map();
    for (const b of bullets) {
      const was = this.trails.get(b.id);
      let dx = was ? b.x - was.x : 0, dy = was ? b.y - was.y : 0;
      if (was && Math.hypot(dx, dy) < 0.5) ({ dx, dy } = was);
      paintBullet(g, b, dx, dy, this.colourOf(b.player));
      next.set(b.id, { x: b.x, y: b.y, dx, dy });
    }
    this.trails = next;
  }
}
