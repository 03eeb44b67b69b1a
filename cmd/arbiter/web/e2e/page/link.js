// Fault injection: a client's simulated network, which delays messages, in order, and can be cut.

/** One client's network. It outlives its sockets. */
export class Link {
  /** ms added to a round trip. */
  latency = 0;
  /** Nothing passes before this time. */
  stalled = 0;
  opened = 0;
  #sockets = new Set();

  /** For the client's transport option. */
  open = (url, protocols) => {
    this.opened++;
    const socket = new LinkSocket(this, url, protocols, () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    return socket;
  };

  /** Nothing passes for ms, then everything arrives at once. */
  stall(ms) {
    this.stalled = performance.now() + ms;
  }

  /** Cuts the open connections: messages in flight are lost. */
  cut() {
    for (const socket of [...this.#sockets]) socket.cut();
  }

  due(now) {
    return Math.max(now + this.latency / 2, this.stalled);
  }
}

/** Messages in one direction. */
class Queue {
  #waiting = [];
  #last = 0;

  constructor(link, deliver) {
    this.link = link;
    this.deliver = deliver;
  }

  push(item) {
    const now = performance.now();
    this.#last = Math.max(this.link.due(now), this.#last);
    this.#waiting.push(item);
    setTimeout(() => this.#waiting.length && this.deliver(this.#waiting.shift()), this.#last - now);
  }

  clear() {
    this.#waiting = [];
    this.deliver = () => {};
  }
}

class LinkSocket {
  binaryType = "arraybuffer";
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;

  constructor(link, url, protocols, gone) {
    this.gone = gone;
    const socket = (this.socket = new WebSocket(url, protocols));
    socket.binaryType = "arraybuffer";
    this.out = new Queue(link, (data) => socket.readyState === WebSocket.OPEN && socket.send(data));
    this.in = new Queue(link, (f) => f());
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
