/** Runs a callback of the page. What it throws is reported as an uncaught error and does not end the connection. */
export function guard(f: () => void): void {
  try {
    f();
  } catch (e) {
    report(e);
  }
}

/** Reports an error as uncaught. */
export function report(e: unknown): void {
  queueMicrotask(() => {
    throw e;
  });
}
