// A telephone in the browser. One interface, whoever carries it: Twilio's own library speaks to Twilio and to
// the carrier that comes with the hotline alike; what differs is where it connects.
//
//   const phone = await openSoftphone({ token, signalling, tell })
//   phone.call({ To, From })   phone.listen()   phone.close()
//   call.accept() .decline() .hangUp() .press("5") .mute(true) .volume(0.5)
//
// `token()` asks the hotline for an access token. `tell(event, detail)` hears: rings, connected, ended, said,
// level, trouble. Troubles are no_microphone, no_carrier, no_library and lost.

const SILENCE = "data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";
const SOUNDS = ["disconnect", "incoming", "outgoing", "dtmfh", "dtmfs", ...[..."0123456789"].map((key) => `dtmf${key}`)];
const LIBRARY = "/library/voice-sdk.js";
const MICROPHONE = new Set([31401, 31402, 31208]); // denied, not there
const RENEW = 60; // seconds before a token runs out

export async function openSoftphone({ token, signalling, tell }) {
  if (signalling) plainSocketTo(signalling); // before the library, which takes the socket as it finds it
  if (!globalThis.Twilio?.Device && !(await loaded(LIBRARY))) {
    tell("trouble", "no_library");
    return null;
  }
  const first = await token();
  const device = new Twilio.Device(first.token, {
    codecPreferences: ["pcmu", "opus"],
    closeProtection: false,
    sounds: Object.fromEntries(SOUNDS.map((name) => [name, SILENCE])), // else they come from elsewhere
    tokenRefreshMs: RENEW * 1000,
    ...(signalling ? { chunderw: new URL(signalling).host, publishEvents: false } : {}),
  });
  device.on("tokenWillExpire", async () => device.updateToken((await token()).token));
  device.on("error", (error) => tell("trouble", trouble(error)));
  device.on("incoming", (call) => tell("rings", follow(call, tell)));
  return {
    async call(parameters) {
      const call = follow(await device.connect({ params: parameters }), tell);
      return call;
    },
    listen: () => device.register(),
    close: () => device.destroy(),
  };
}

function loaded(address) {
  return new Promise((done) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(true);
    script.onerror = () => done(false);
    document.head.append(script);
  });
}

function trouble(error) {
  if (MICROPHONE.has(error.code) || ["NotAllowedError", "NotFoundError"].includes(error.name)) return "no_microphone";
  return [31005, 31000, 31009, 53000, 20104].includes(error.code) ? "no_carrier" : "lost";
}

function follow(call, tell) {
  call.on("accept", () => tell("connected"));
  for (const end of ["disconnect", "cancel", "reject"]) call.on(end, () => tell("ended"));
  call.on("error", (error) => tell("trouble", trouble(error)));
  call.on("volume", (input, output) => tell("level", { input, output }));
  call.on("messageReceived", (message) => tell("said", message.content));
  return {
    accept: () => call.accept(),
    decline: () => call.reject(),
    hangUp: () => call.disconnect(),
    press: (key) => call.sendDigits(key),
    mute: (on) => call.mute(on),
    volume: (share) => document.querySelectorAll("audio").forEach((sound) => (sound.volume = share)),
    parameters: call.parameters,
  };
}

// The library knows only wss://; a carrier on this machine has no certificate.
function plainSocketTo(signalling) {
  const url = new URL(signalling);
  if (url.protocol !== "ws:" || globalThis.WebSocket.plainTo === url.host) return;
  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    static plainTo = url.host;

    constructor(address, protocols) {
      const wished = new URL(address);
      super(wished.host === url.host && wished.protocol === "wss:" ? signalling : address, protocols);
    }
  };
}
