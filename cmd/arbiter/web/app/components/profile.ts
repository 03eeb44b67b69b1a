// A form for the player's attributes, as a queue's rules need them.

import type { Attributes, AttributeValue } from "arbiter-client/matchmake";
import { choice, h, setText } from "../dom.ts";
import { distances, defaultAttributes, type AttributeInfo, type QueueInfo } from "../net/queues.ts";

/** A form made from the attributes that a queue declares. */
export class Profile {
  readonly element = h("div", { class: "profile" });
  private values: Record<string, AttributeValue> = {};

  get attributes(): Attributes { return { ...this.values }; }

  /** Shows the fields of a queue. */
  show(q: QueueInfo): void {
    this.values = defaultAttributes(q);
    this.element.replaceChildren(...q.attributes.map((a) => this.field(a)));
    this.element.hidden = q.attributes.length === 0;
  }

  private field(a: AttributeInfo): HTMLElement {
    switch (a.kind) {
      case "number": return this.number(a);
      case "set": return this.set(a);
      case "latency": return this.latency(a);
      case "string": return this.text(a);
    }
  }

  private number(a: AttributeInfo): HTMLElement {
    const value = Number(this.values[a.name]), out = h("output", {}, String(value));
    const input = h("input", { type: "range", min: a.min ?? 0, max: a.max ?? Math.max(value * 2, 100), step: 10, "aria-label": a.name });
    input.value = String(value);
    input.addEventListener("input", () => { this.values[a.name] = Number(input.value); setText(out, input.value); });
    return h("label", { class: "slider" }, h("span", {}, a.name), out, input);
  }

  private set(a: AttributeInfo): HTMLElement {
    const chosen = new Set(this.values[a.name] as string[]);
    const buttons = (a.values ?? []).map((v) => {
      const b = h("button", { type: "button", "aria-pressed": chosen.has(v), onclick: () => {
        if (chosen.has(v) && chosen.size > 1) chosen.delete(v);
        else chosen.add(v);
        b.setAttribute("aria-pressed", String(chosen.has(v)));
        this.values[a.name] = [...chosen];
      } }, v);
      b.setAttribute("aria-pressed", String(chosen.has(v)));
      return b;
    });
    return h("div", { class: "choice", role: "group", "aria-label": a.name }, h("span", { class: "label" }, a.name), ...buttons);
  }

  private latency(a: AttributeInfo): HTMLElement {
    const regions = a.values ?? [];
    return choice("region", regions.map((r) => ({ value: r, text: r, title: "Your simulated location: low latency to this region, higher to the others" })), regions[0] ?? "",
      (r) => { this.values[a.name] = distances(regions, regions.indexOf(r)); });
  }

  private text(a: AttributeInfo): HTMLElement {
    if (a.values) return choice(a.name, a.values.map((v) => ({ value: v, text: v })), String(this.values[a.name]), (v) => { this.values[a.name] = v; });
    const input = h("input", { type: "text", maxlength: 64, "aria-label": a.name });
    input.addEventListener("input", () => { this.values[a.name] = input.value; });
    return h("label", { class: "choice" }, h("span", { class: "label" }, a.name), input);
  }
}
