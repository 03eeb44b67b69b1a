// What is shown where something failed: the reason, and a way out.

import { announce } from "../announce.ts";
import { h, setText } from "../dom.ts";

/** Opens the tab again. */
export const openAgain = (): void => { dispatchEvent(new Event("findanother")); };

/** A text of an error for the player. */
export const textOf = (e: unknown): string => (e instanceof Error && e.message ? e.message : String(e));

/** The reason in place of what could not be shown. */
export function failure(reason: string): HTMLElement {
  announce(reason);
  return h("div", { class: "failure" }, h("p", {}, reason), h("button", { type: "button", class: "primary", onclick: openAgain }, "Try again"));
}

/** A message over a picture, with a button if it is final. */
export class Notice {
  readonly elements: [HTMLElement, HTMLElement];
  private text: HTMLElement;
  private again: HTMLElement;

  constructor(text: string) {
    this.text = h("p", { class: "notice" }, text);
    this.again = h("button", { type: "button", class: "again primary", hidden: true, onclick: openAgain }, "Try again");
    this.elements = [this.text, this.again];
  }

  /** Shows a message, or none if it is empty. final: offers to open the tab again. */
  show(text: string, final = false): void {
    if (this.text.textContent !== text) announce(text);
    setText(this.text, text);
    this.text.hidden = text === "";
    this.again.hidden = !final;
  }
}
