// What the page tells those who hear it instead of seeing it. There is one live
// region, so that each change is announced once.

const region = document.querySelector<HTMLElement>("#announcements")!;
/** Milliseconds within which changes are announced together. */
const pause = 100;
let waiting: string[] = [];

/** Announces a change. */
export function announce(text: string): void {
  if (text === "" || waiting.push(text) > 1) return;
  setTimeout(() => {
    region.textContent = waiting.join(" ");
    waiting = [];
  }, pause);
}

/** Whether the focus is in an element, or nowhere. */
export const hasFocus = (el: HTMLElement): boolean =>
  document.activeElement === null || document.activeElement === document.body || el.contains(document.activeElement);
