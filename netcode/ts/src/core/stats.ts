/** Statistics of a client since it was created. Times are in ms. */
export class Stats {
  rtt = 0; // smoothed round trip
  jitter = 0; // mean deviation of the snapshots' arrival
  age = 0; // of the newest snapshot when it arrived, by the server's clock
  lead = 0; // of the prediction, ahead of the server
  delay = 0; // of the render clock behind the arriving snapshots: the jitter buffer
  slack = 0; // last report: how early inputs arrive; negative: late
  pending = 0; // inputs and commands not yet applied

  bytesIn = 0; // of messages received
  bytesOut = 0; // of messages sent
  inRate = 0; // bytes/s, over at least the last second
  outRate = 0;

  snapshots = 0;
  keyframes = 0;
  skipped = 0; // snapshots missing at the snapshot rate, idle times included
  errors = 0; // invalid messages

  seats = 0; // seats, the first one included
  resumes = 0; // connections that resumed a seat

  inputsSent = 0; // entries and commands given a sequence number
  inputsApplied = 0;
  inputsLost = 0; // acknowledged by the server but not applied
  inputsRepeated = 0; // applied more than once
  inputsAbandoned = 0; // dropped because their seat was lost
  withheld = 0; // ms that a changed input got no number at most, though snapshots came
  inputsLate = 0; // reports of an input that arrived after its tick

  hashChecks = 0;
  hashMismatches = 0;

  corrections = 0; // snapshots that moved own rows from where they were predicted
  correction = 0; // the largest change of a moving field by the newest snapshot, in its units
  largest = 0; // the largest of all
  surprises = 0; // snapshots that changed another field of own rows, such as hit points
}
