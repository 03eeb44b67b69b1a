/** What a client has seen and done since it was made. Times are in ms. */
export class Stats {
  rtt = 0; // smoothed round trip
  jitter = 0; // mean deviation of the snapshots' arrival
  age = 0; // of the newest snapshot when it arrived, by the server's clock
  lead = 0; // of the prediction, before the server
  delay = 0; // of what is drawn, behind what arrives
  slack = 0; // last reported: by how much inputs are early; negative: late
  pending = 0; // inputs and commands not yet applied

  bytesIn = 0; // of messages received
  bytesOut = 0; // of messages sent
  inRate = 0; // bytes/s since a look at these figures that is a second ago
  outRate = 0;

  snapshots = 0;
  keyframes = 0;
  skipped = 0; // snapshots that the rate promised and that did not come, idle times included
  errors = 0; // messages that could not be read

  seats = 0; // seats had, the first one included
  resumes = 0; // connections that took up a seat again

  inputsSent = 0; // entries and commands that got a number
  inputsApplied = 0;
  inputsLost = 0; // those the server should have applied by its own word but did not
  inputsRepeated = 0; // those it applied again
  inputsAbandoned = 0; // those that wait no more because their seat was lost
  inputsLate = 0; // reports of an input that came after its tick

  hashChecks = 0;
  hashMismatches = 0;

  corrections = 0; // times the server's word moved one's own rows
  correction = 0; // the most that a moving field changed by last time, in its units
  largest = 0; // and of all times
  surprises = 0; // times it changed something else of one's own rows, such as hit points
}
