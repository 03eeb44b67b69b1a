import { parseBye, type Bye } from "../wire/bye.ts";
import { version } from "../wire/hello.ts";
import { Kind, kindOf, ProtocolError } from "../wire/message.ts";
import { parsePong } from "../wire/pong.ts";
import { parseRenewed } from "../wire/renew.ts";
import type { Update } from "../view/view.ts";
import { parseWelcome } from "../wire/welcome.ts";
import type { Reconciliation } from "./prediction.ts";
import type { Seat } from "./seat.ts";

const keyframeRequestEvery = 1000; // ms

/** What a message brought. */
export interface Received {
  readonly update?: Update; // of a snapshot
  readonly reconciliation?: Reconciliation | undefined; // of it with what was predicted
  readonly bye?: Bye;
  readonly left?: number; // ms until the session ends, if the message says
  readonly refusal?: string; // why a new token was refused, if it was
}

/**
 * Processes a message that arrived at now. After a ProtocolError the connection has to be closed;
 * the seat can be resumed. Messages of unknown kinds are ignored.
 */
export function receive(s: Seat, now: number, msg: Uint8Array): Received {
  s.stats.bytesIn += msg.length;
  const kind = kindOf(msg);
  switch (kind) {
    case 0:
      throw new ProtocolError("no message");
    case Kind.bye:
      return { bye: parseBye(msg) };
    case Kind.welcome: {
      const w = parseWelcome(msg);
      if (w.version !== version) throw new ProtocolError(`version ${w.version}`, true);
      s.welcomed(now, w);
      return { left: w.tokenLeft };
    }
    case Kind.renewed:
      return parseRenewed(msg);
  }
  if (!s.playing && (kind === Kind.snapshot || kind === Kind.pong)) {
    throw new ProtocolError("before the welcome");
  }
  if (kind === Kind.snapshot) return snapshot(s, now, msg);
  if (kind === Kind.pong) pong(s, now, msg);
  return {};
}

function snapshot(s: Seat, now: number, msg: Uint8Array): Received {
  let update: Update;
  try {
    update = s.view!.apply(msg);
  } catch (e) {
    s.viewInvalid = true; // later snapshots may be deltas to this one
    throw e;
  }
  s.unacked++;
  s.stats.snapshots++;
  if (update.keyframe) s.stats.keyframes++;
  s.heard(now);
  updateClocks(s, now, update);
  s.stats.inputsApplied += s.inputs!.acknowledge(update.ackSeq, update.tick);
  compareHashes(s, now, update);
  if (!s.prediction) return { update };
  const reconciliation = s.prediction.reconcile(now, s.frame!, s.inputs!);
  s.prediction.advance(s.tick, s.inputs!);
  countReconciliation(s, reconciliation);
  return { update, reconciliation };
}

/** Updates the clocks by the arrival of a snapshot. */
function updateClocks(s: Seat, now: number, u: Update): void {
  const { lead, clock } = s.timing!;
  s.stats.age = s.timing!.snapshot(now, u.tick);
  if (clock.overdue) s.askTime(now);
  if (s.lastTick > 0) {
    const gap = ((u.tick - s.lastTick) * s.schema!.snapshotRate) / s.schema!.tickRate;
    s.stats.skipped += Math.max(Math.round(gap) - 1, 0);
  }
  s.lastTick = u.tick;
  if (u.slack === undefined) return;
  s.stats.slack = u.slack;
  if (u.slack < 0) s.stats.inputsLate++;
  if (!clock.overdue) lead.slack(now, u.slack, clock.roundTrip); // else it may be about another time
}

/** Compares the server's hashes of this client's state and inputs with the client's own. */
function compareHashes(s: Seat, now: number, u: Update): void {
  if (!u.check) return;
  s.stats.hashChecks++;
  s.ackEvery = u.check.ackEvery ?? s.welcome!.ackEvery;
  if (u.check.mismatch) {
    s.stats.hashMismatches++;
    if (s.keyframeRequestedAt === undefined || now - s.keyframeRequestedAt >= keyframeRequestEvery) {
      s.keyframeWanted = true;
      s.keyframeRequestedAt = now;
    }
  }
  if (s.player === 0) return;
  const { lost, repeated } = s.inputs!.compare(u.check.applied, u.check.inputsHash);
  s.stats.inputsLost += lost;
  s.stats.inputsRepeated += repeated;
}

function countReconciliation(s: Seat, r: Reconciliation): void {
  s.stats.correction = r.largest;
  if (r.corrected) s.stats.corrections++;
  s.stats.largest = Math.max(s.stats.largest, r.largest);
  if (r.surprised) s.stats.surprises++;
}

function pong(s: Seat, now: number, msg: Uint8Array): void {
  const p = parsePong(msg);
  const sent = p.clientTime / 1000;
  if (sent > now || now - sent > 60_000) return; // not a ping of this connection
  s.timing!.trip(sent, now, p.tick, p.sinceTick / 1000);
}
