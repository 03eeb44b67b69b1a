// A line between client and server: late, in order, and it can be cut.

/** One client's network. Its sockets come and go. */
export class Weather {
  /** ms added to a round trip. */
  latency = 0;
  /** Nothing passes before this time. */
  stalled = 0;
  opened = 0;
  #wires = new Set();

  /** For the client's transport option. */
  open = (url, protocols) => {
    this.opened++;
    const wire = new Wire(this, url, protocols, () => this.#wires.delete(wire));
    this.#wires.add(wire);
    return wire;
  };

  /** Nothing passes for so long, then everything at once. */
  stall(ms) {
    this.stalled = performance.now() + ms;
  }

  /** Cuts the connections that stand: what is under way is lost. */
  cut() {
    for (const wire of [...this.#wires]) wire.cut();
  }

  due(now) {
    return Math.max(now + this.latency / 2, this.stalled);
  }
}

/** Messages in one direction. */
class Way {
  #waiting = [];
  #last = 0;

  constructor(weather, deliver) {
    this.weather = weather;
    this.deliver = deliver;
  }

  push(item) {
    const now = performance.now();
    this.#last = Math.max(this.weather.due(now), this.#last);
    this.#waiting.push(item);
    setTimeout(() => this.#waiting.length && this.deliver(this.#waiting.shift()), this.#last - now);
  }

  clear() {
    this.#waiting = [];
    this.deliver = () => {};
  }
}

class Wire {
  binaryType = "arraybuffer";
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;

  constructor(weather, url, protocols, gone) {
    this.gone = gone;
    const socket = (this.socket = new WebSocket(url, protocols));
    socket.binaryType = "arraybuffer";
    this.out = new Way(weather, (data) => socket.readyState === WebSocket.OPEN && socket.send(data));
    this.in = new Way(weather, (f) => f());
    socket.onopen = (e) => this.in.push(() => this.onopen?.(e));
    socket.onmessage = (e) => this.in.push(() => this.onmessage?.({ data: e.data }));
    socket.onclose = (e) => this.in.push(() => this.#end(e));
  }

  get protocol() {
    return this.socket.protocol;
  }

  /** Sends a copy: the caller may write into its buffer again before this is due. */
  send(data) {
    this.out.push(new Uint8Array(data));
  }

  close(code, reason) {
    this.socket.close(code, reason);
  }

  cut() {
    this.out.clear();
    this.in.clear();
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.#end({ code: 1006, reason: "" });
  }

  #end(e) {
    this.gone();
    this.onclose?.(e);
  }
}
