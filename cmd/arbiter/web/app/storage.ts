// What the page remembers in the browser. Where storage is blocked it remembers
// until it is closed.

export type Kind = "localStorage" | "sessionStorage";

const memory = new Map<string, string>();

/** The remembered text, or null. */
export function recall(kind: Kind, key: string): string | null {
  try {
    return memory.get(`${kind}/${key}`) ?? window[kind].getItem(key);
  } catch { // blocked: the property itself throws, or is null
    return null;
  }
}

/** Remembers a text. */
export function remember(kind: Kind, key: string, text: string): void {
  memory.set(`${kind}/${key}`, text);
  try {
    window[kind].setItem(key, text);
  } catch { /* blocked or full */ }
}
