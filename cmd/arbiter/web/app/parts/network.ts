// What can be done to a client's line.

import { h, slider } from "../dom.ts";
import type { Line, Weather } from "../net/line.ts";

const kinds = [
  { key: "latency", label: "Latency", max: 500, step: 10, unit: "ms", title: "Added to each round trip, half of it each way" },
  { key: "jitter", label: "Jitter", max: 300, step: 10, unit: "ms", title: "Up to so much more, at random; the order is kept" },
  { key: "stall", label: "Stalls", max: 3000, step: 100, unit: "ms", title: "Every few seconds nothing passes for so long, then everything at once" },
] as const;

const presets: { name: string; weather: Weather }[] = [
  { name: "local", weather: { latency: 0, jitter: 0, stall: 0 } },
  { name: "home", weather: { latency: 40, jitter: 10, stall: 0 } },
  { name: "mobile", weather: { latency: 150, jitter: 60, stall: 0 } },
  { name: "train", weather: { latency: 250, jitter: 120, stall: 1200 } },
];

/** Sliders, presets and the Drop button for one line. */
export function networkPanel(line: Line): HTMLElement {
  const sliders = kinds.map((k) => {
    const s = slider(k.label, k, (value) => { line.weather[k.key] = value; mark(); });
    s.dataset.weather = k.key;
    return s;
  });
  const buttons = presets.map((p) => h("button", { type: "button", onclick: () => take(p.weather) }, p.name));
  const mark = () => presets.forEach((p, i) =>
    buttons[i]!.setAttribute("aria-pressed", String(kinds.every((k) => p.weather[k.key] === line.weather[k.key]))));
  const take = (w: Weather) => {
    Object.assign(line.weather, w);
    kinds.forEach((k, i) => sliders[i]!.set(w[k.key]));
    mark();
  };
  take(line.weather);
  const drop = h("button", {
    type: "button", class: "drop", "data-action": "drop", onclick: () => line.drop(),
    title: "Cuts the connection without a goodbye, as a lost network does. The client takes up its seat again.",
  }, "Drop");
  return h("section", { class: "network", "aria-label": "Network of this client" },
    h("div", { class: "choice" }, h("span", { class: "label" }, "Line"), ...buttons, drop),
    h("div", { class: "sliders" }, ...sliders));
}
