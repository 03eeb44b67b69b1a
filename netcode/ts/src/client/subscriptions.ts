import type { Received } from "../core/receive.ts";
import { read, Shape, type RowObject } from "../core/rows.ts";
import { Watcher, type Watch } from "../core/watch.ts";
import { indexOf } from "../core/names.ts";
import { guard } from "../platform/report.ts";
import type { States } from "./states.ts";
import type { SnapshotInfo, Unsubscribe } from "./types.ts";

type EventCall = (event: RowObject, tick: number) => void;

/** The page's subscriptions to rows, events and snapshots. */
export class Subscriptions {
  readonly #watches = new Set<{ readonly name: string; readonly watch: Watch; watcher?: Watcher }>();
  readonly #events = new Set<{ readonly name: string; readonly call: EventCall }>();
  readonly #snapshots = new Set<(s: SnapshotInfo) => void>();
  #states: States | undefined;
  #shapes: readonly Shape[] = [];

  /** Resolves the subscriptions' names by the schema of these states, from now on. */
  setStates(states: States): void {
    this.#states = states;
    this.#shapes = states.schema.events.map((s) => new Shape(s));
    for (const w of this.#watches) this.#start(w);
  }

  /** Watches a table. Rows already there are reported as added at once. */
  watch(name: string, watch: Watch): Unsubscribe {
    this.#states?.index(name);
    const w = { name, watch };
    this.#start(w);
    return add(this.#watches, w);
  }

  #start(w: { readonly name: string; readonly watch: Watch; watcher?: Watcher }): void {
    const states = this.#states;
    const i = states ? states.schema.tables.findIndex((t) => t.name === w.name) : -1;
    if (!states || i < 0) return;
    w.watcher = new Watcher(i, states.shapes[i]!, w.watch);
    const now = states.frame?.tables[i];
    if (now) guard(() => w.watcher!.compare(now));
  }

  onEvent(name: string, call: EventCall): Unsubscribe {
    if (this.#states) indexOf(this.#states.schema.events, name, "event");
    return add(this.#events, { name, call });
  }

  onSnapshot(f: (s: SnapshotInfo) => void): Unsubscribe {
    return add(this.#snapshots, f);
  }

  /** Calls the subscribers with what a snapshot brought: rows first, then events. */
  received(r: Received, bytes: number): void {
    const states = this.#states;
    const u = r.update;
    if (!u || !states) return;
    for (const { watcher } of this.#watches) {
      if (watcher && states.frame) guard(() => watcher.compare(states.frame!.tables[watcher.table]!));
    }
    for (const e of u.events) {
      const shape = this.#shapes[e.kind]!;
      for (const { name, call } of this.#events) {
        if (name !== shape.schema.name) continue;
        const event: RowObject = {};
        shape.fill(event, (k) => read(shape.schema.fields[k]!, e.cells[k]!));
        guard(() => call(event, e.tick));
      }
    }
    const info = { tick: u.tick, bytes, keyframe: u.keyframe, slack: u.slack, correction: r.reconciliation?.largest ?? 0 };
    for (const f of this.#snapshots) guard(() => f(info));
  }
}

export function add<T>(to: Set<T>, x: T): Unsubscribe {
  to.add(x);
  return () => to.delete(x);
}
