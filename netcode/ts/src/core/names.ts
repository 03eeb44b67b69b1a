/** The index of a name in a list. Throws a TypeError that lists the names if it is not there. */
export function indexOf(list: readonly { readonly name: string }[], name: string, what: string): number {
  const i = list.findIndex((x) => x.name === name);
  if (i < 0) throw new TypeError(`arbiter-client: the game has no ${what} "${name}"; it has ${list.map((x) => x.name).join(", ") || "none"}`);
  return i;
}
