// The adapter that carries text: what is said comes as words, and what is written is spoken to the other side. It
// needs neither WebRTC nor a microphone, only the carrier that comes with the hotline (its carrier/text.py).

const EXPIRED = 20104;
const RENEW = 60; // seconds before a token runs out
const LIVE = ["queued", "ringing", "in-progress"];
const AGAIN = 2000; // milliseconds until a telephone that listens tries again

export async function open({ token, signalling, tell }) {
  const phone = new TextPhone(new URL("text", signalling), token, tell);
  await phone.connect();
  return phone;
}

class TextPhone {
  constructor(address, token, tell) {
    Object.assign(this, { address, token, tell, calls: new Map(), dialled: null, listening: false, closed: false });
  }

  async connect() {
    const { token, seconds } = await this.token();
    await new Promise((opened, failed) => {
      this.socket = new WebSocket(this.address);
      this.socket.onopen = opened;
      this.socket.onclose = failed;
      this.socket.onmessage = ({ data }) => this.hears(JSON.parse(data));
    });
    this.socket.onclose = () => this.lost();
    this.signIn(token, seconds);
  }

  signIn(token, seconds) {
    this.send({ do: "sign-in", token });
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => this.renew(), Math.max(seconds - RENEW, 1) * 1000);
  }

  async renew() {
    try {
      const { token, seconds } = await this.token();
      this.signIn(token, seconds);
      if (this.listening) this.send({ do: "register" });
    } catch {
      if (!this.closed) this.renewal = setTimeout(() => this.renew(), AGAIN);
    }
  }

  async listen() {
    this.listening = true;
    this.send({ do: "register" });
  }

  call({ To, From }) {
    return new Promise((placed) => {
      this.dialled = placed;
      this.send({ do: "dial", to: To, from: From });
    });
  }

  close() {
    this.closed = true;
    clearTimeout(this.renewal);
    this.socket.close();
  }

  lost() {
    clearTimeout(this.renewal);
    if (this.closed) return;
    const talked = this.calls.size > 0;
    this.calls.clear();
    this.tell("away");
    if (talked || !this.listening) this.tell("trouble", "lost");
    if (this.listening) setTimeout(() => this.return(), AGAIN);
  }

  async return() {
    if (this.closed) return;
    try {
      await this.connect();
      await this.listen();
    } catch {
      setTimeout(() => this.return(), AGAIN);
    }
  }

  send(frame) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  hears(told) {
    switch (told.event) {
      case "registered":
        return this.tell("here");
      case "rings":
        return this.tell("rings", this.keep(told.sid));
      case "dialled":
        if (!LIVE.includes(told.status)) return this.tell("trouble", "no_carrier");
        return this.dialled(this.keep(told.sid));
      case "answered":
        return this.tell("connected", undefined, this.calls.get(told.sid));
      case "heard":
        return this.tell("said", told, this.calls.get(told.sid));
      case "ended":
        this.tell("ended", undefined, this.calls.get(told.sid));
        return this.calls.delete(told.sid);
      case "refused":
        return this.refused(told);
    }
  }

  refused({ code }) {
    if (code === EXPIRED) setTimeout(() => this.renew(), AGAIN); // the machine slept past the time
    if (code !== EXPIRED || !this.calls.size) this.tell("trouble", "no_carrier"); // a call goes on without
  }

  keep(sid) {
    const does = (deed, words = "") => this.send({ do: deed, sid, words });
    const call = {
      accept: () => does("answer"),
      decline: () => does("decline"),
      hangUp: () => does("hang-up"),
      press: (key) => does("press", key),
      speak: (text) => does("speak", text),
      mute() {}, // nothing is sent but what is written
      volume() {},
    };
    this.calls.set(sid, call);
    return call;
  }
}
