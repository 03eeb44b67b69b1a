/** Runs a callback. What it throws is the page's own to see, and does not end the connection. */
export function guard(f: () => void): void {
  try {
    f();
  } catch (e) {
    report(e);
  }
}

/** Shows an error as one that nobody caught. */
export function report(e: unknown): void {
  queueMicrotask(() => {
    throw e;
  });
}
