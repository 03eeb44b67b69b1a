// A complete client in ten lines.

import { announce } from "../announce.ts";
import { h, setText } from "../dom.ts";
import { Surface } from "../draw/surface.ts";
import { Bots } from "../net/bots.ts";
import { base } from "../net/api.ts";
import { Player } from "../net/player.ts";
import { attach, Controls, keyboardView, leftHand } from "../components/controls.ts";
import { copyText } from "../components/copy.ts";
import { Notice } from "../components/failure.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

/** The code to copy; a test runs the same lines from the README. */
const code = (server: string) => `<canvas id="c" width="1600" height="900"></canvas>
<script type="module">
import { connect } from "${server}/client/arbiter-client.js"
const room = await connect({ url: "${server}", game: "arena" })
const ctx = c.getContext("2d"), keys = {}
onkeydown = onkeyup = e => { keys[e.key] = +(e.type == "keydown"); room.input({ Thrust: keys.w | 0, Turn: (keys.d | 0) - (keys.a | 0) }) }
requestAnimationFrame(function draw() {
  ctx.clearRect(0, 0, 1600, 900)
  for (const s of room.interpolated.Ships) ctx.fillRect(s.X - 8, s.Y - 8, 16, 16)
  requestAnimationFrame(draw)
})
</script>`;

/** How many bots play too. */
const bots = 3;

const steps: [string, string][] = [
  ["connect", "requests a guest token, opens the WebSocket and resolves with the first state. From then on it reconnects by itself."],
  ["room.input", "sets the player's input from the next tick on. Each change is applied exactly once, even if the connection drops."],
  ["room.interpolated", "is the state to draw now, with other players interpolated slightly in the past. With room.predict(…) your own ship is predicted ahead of the server."],
];

/** The tab with the code, and beside it what the code draws. */
export class Lines implements Tab {
  readonly element: HTMLElement;
  private player = new Player({ game: "arena", spectate: false, name: "Ten Lines" });
  private surface: Surface;
  private controls = new Controls(leftHand);
  private detach = attach(this.controls);
  private bots: Bots | null = null;
  private notice = new Notice("connecting…");

  constructor() {
    const text = code(base.href.replace(/\/$/, ""));
    const copied = h("span", { class: "small" });
    const source = h("code", {}, text);
    const tell = (what: string) => { setText(copied, what); announce(what); };
    const copy = h("button", { type: "button", class: "primary", onclick: async () => {
      tell((await copyText(text, source)) ? "Copied." : "The browser did not copy it. The text is selected: copy it with Ctrl+C or ⌘C.");
    } }, "Copy");
    const canvas = h("canvas", { role: "img", "aria-label": "What the code draws" });
    this.surface = new Surface(canvas);
    this.element = h("div", {},
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "A client in ten lines"),
        h("p", {}, "Paste this into an empty page and fly with W, A and D. No build step, no framework. For a page from another origin, start the server with that origin in ", h("code", {}, "--origins"), ".")),
        h("div", { class: "choice" }, copied, copy)),
      h("div", { class: "lines" }, h("pre", {}, source),
        h("div", {}, h("div", { class: "game-view plain", ...keyboardView("What the code draws", "W A D") }, canvas, ...this.notice.elements),
          h("p", { class: "small" }, "What the code draws, live. Your ship is the coloured one; the others are bots."),
          h("dl", { class: "steps" }, ...steps.map(([term, what]) => h("div", {}, h("dt", {}, h("code", {}, term)), h("dd", {}, what)))))));
    this.player.onjoined = (room) => {
      this.bots = new Bots("arena", room.match);
      this.bots.set(bots);
    };
    this.player.onstatus = (s) => {
      if (s.phase === "closed") this.notice.show(s.reason, true);
      else this.notice.show(s.phase === "playing" ? "" : `${s.phase}… ${s.reason}`);
    };
    void this.player.start().then(() => { if (this.player.failure) this.notice.show(this.player.failure, true); });
  }

  /** Draws what the code draws, in the page's colours. */
  frame(): void {
    const { room } = this.player;
    if (!room || !this.surface.begin()) return;
    const { Thrust, Turn } = this.controls.arenaInput(undefined, 0);
    room.input({ Thrust, Turn });
    const { g, w, h: high } = this.surface, c = colours();
    g.fillStyle = c.space;
    g.fillRect(0, 0, w, high);
    g.scale(w / 1600, high / 900);
    for (const s of room.interpolated.Ships) {
      g.fillStyle = s.Player === room.player ? c.sides[0] : c.text;
      g.fillRect(s.X - 8, s.Y - 8, 16, 16);
    }
  }

  releaseControls(): void { this.controls.release(); }

  stop(): void {
    this.detach();
    this.bots?.set(0);
    this.player.stop();
  }
}
