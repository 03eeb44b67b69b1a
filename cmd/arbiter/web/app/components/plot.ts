// Small plots.

import { Surface } from "../draw/surface.ts";
import { h, setText } from "../dom.ts";
import { colours, faded } from "../theme.ts";

/** How many samples a plot shows. */
const span = 150;

export interface PlotKind {
  name: string;
  unit: string;
  title: string;
  least: number;     // the scale's top is at least this
  signed?: boolean;  // zero is in the middle
  clip?: boolean;    // rare peaks, such as keyframes, do not set the scale
  digits?: number;
}

/** A number and a plot of its last 15 s. */
export class Plot {
  readonly element: HTMLElement;
  private value = h("b");
  private surface: Surface;
  private samples: number[] = [];

  constructor(private kind: PlotKind, private colour: () => string) {
    const canvas = h("canvas", { "aria-hidden": "true" });
    this.surface = new Surface(canvas);
    this.element = h("div", { class: "plot", title: kind.title, "data-plot": kind.name },
      h("div", { class: "plot-head" }, h("span", {}, kind.name), this.value), canvas);
  }

  push(sample: number): void {
    this.samples.push(sample);
    if (this.samples.length > span) this.samples.shift();
    const digits = this.kind.digits ?? 0;
    setText(this.value, `${sample.toFixed(digits)} ${this.kind.unit}`);
    this.element.dataset.value = sample.toFixed(Math.max(digits, 3));
  }

  paint(): void {
    if (!this.surface.begin()) return;
    const { g, w, h: high } = this.surface, c = colours(), signed = this.kind.signed;
    g.fillStyle = c.panel;
    g.fillRect(0, 0, w, high);
    const sizes = this.samples.map(Math.abs).sort((a, b) => a - b);
    const top = Math.max(this.kind.least, sizes[Math.floor((sizes.length - 1) * (this.kind.clip ? 0.95 : 1))] ?? 0) * 1.1;
    const base = signed ? high / 2 : high - 1;
    const y = (v: number) => base - Math.min(v / top, 1) * (signed ? high / 2 - 1 : high - 3);
    g.strokeStyle = c.line;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(0, Math.round(base) + 0.5 - 1);
    g.lineTo(w, Math.round(base) + 0.5 - 1);
    g.stroke();
    if (this.samples.length < 2) return;
    const x = (i: number) => w - ((this.samples.length - 1 - i) * w) / (span - 1);
    g.beginPath();
    this.samples.forEach((v, i) => (i ? g.lineTo(x(i), y(v)) : g.moveTo(x(i), y(v))));
    g.strokeStyle = this.colour();
    g.lineWidth = 1.4;
    g.lineJoin = "round";
    g.stroke();
    g.lineTo(w, base);
    g.lineTo(x(0), base);
    g.fillStyle = faded(this.colour(), 0.14);
    g.fill();
  }
}
