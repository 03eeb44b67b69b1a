import { appendAck } from "../wire/ack.ts";
import { appendPing } from "../wire/ping.ts";
import { pingEvery, type Seat } from "./seat.ts";

const inputsEvery = 15; // ms between messages of inputs, well within what servers accept: above 60 Hz several entries share one
const leastWait = 1; // ms: finer than a browser's timers

/** The next message to send, if one is due. It must be sent, in order, or the connection closed. */
export function next(s: Seat, now: number): Uint8Array<ArrayBuffer> | undefined {
  if (!s.playing) return undefined;
  const ack = s.unacked > 0 ? s.frame?.tick : undefined;
  const input = s.player !== 0 && maySendInputs(s, now) ? s.inputs!.next(s.writer!, ack) : undefined;
  if (input) {
    s.inputsSentAt = now;
    if (input.acked) s.unacked = 0;
    return s.sent(input.bytes);
  }
  if (s.keyframeWanted) {
    s.keyframeWanted = false;
    return s.sent(appendAck(0));
  }
  if (ack !== undefined && s.unacked >= s.ackEvery) {
    s.unacked = 0;
    return s.sent(appendAck(ack));
  }
  if (s.pingAt <= now) {
    s.pingAt = now + pingEvery;
    return s.sent(appendPing(Math.floor(now * 1000)));
  }
  return undefined;
}

/** Reports whether inputs may be sent now; messages of one moment count as one. */
function maySendInputs(s: Seat, now: number): boolean {
  return now === s.inputsSentAt || now - s.inputsSentAt >= inputsEvery;
}

/** After how many ms to call advance and next again, if no message arrives before. */
export function wake(s: Seat, now: number): number {
  if (!s.playing) return pingEvery;
  let wait = s.pingAt - now;
  if (s.player !== 0) {
    if (s.inputs!.unsent) wait = Math.min(wait, s.inputsSentAt + inputsEvery - now);
    wait = Math.min(wait, (s.tick + 1 - s.timing!.predicted(now)) * s.timing!.step);
  }
  return Math.max(wait, leastWait);
}
