// The adapter that carries a voice, by @twilio/voice-sdk.

const SOUNDS = ["disconnect", "incoming", "outgoing", "dtmfh", "dtmfs", ...[..."0123456789"].map((key) => `dtmf${key}`)];
const SILENCE = // a hundredth of a second, 8 kHz
  "data:audio/wav;base64,UklGRnQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YVAAAACA" + "gICA".repeat(26) + "gA==";
const LIBRARY = "/library/voice-sdk.js";
const MICROPHONE = new Set([31401, 31402, 31208]); // denied, not there
const EXPIRED = 20104;
const RENEW = 60; // seconds before a token runs out
const AGAIN = 5000; // milliseconds until a token is asked for again

export async function open({ token, signalling, tell }) {
  if (signalling) plainSocketTo(signalling); // before the library, which takes the socket as it finds it
  if (!globalThis.Twilio?.Device && !(await loaded(LIBRARY))) {
    tell("trouble", "no_library");
    return null;
  }
  const first = await token();
  const device = new Twilio.Device(first.token, {
    codecPreferences: ["pcmu", "opus"],
    closeProtection: false,
    allowIncomingWhileBusy: true, // else it would ring for whoever calls, and nobody here would know
    sounds: Object.fromEntries(SOUNDS.map((name) => [name, SILENCE])), // else they come from elsewhere
    tokenRefreshMs: RENEW * 1000,
    ...(signalling ? { chunderw: new URL(signalling).host, publishEvents: false } : {}),
  });
  let listening = false;
  const listen = () => {
    listening = true;
    return device.register();
  };
  // A token that cannot be renewed now is asked for again; when it runs out meanwhile the telephone is away until then.
  const renew = async () => {
    try {
      device.updateToken((await token()).token);
      if (listening && device.state === "unregistered") await device.register();
    } catch {
      if (device.state !== "destroyed") setTimeout(renew, AGAIN);
    }
  };
  device.on("tokenWillExpire", renew);
  device.on("error", (error) => {
    if (error.code === EXPIRED) setTimeout(renew, AGAIN); // the machine slept past the time
    if (error.code !== EXPIRED || !device.isBusy) tell("trouble", trouble(error)); // a call goes on without
  });
  device.on("registered", () => tell("here"));
  device.on("unregistered", () => tell("away"));
  device.on("incoming", (call) => tell("rings", follow(call, tell, signalling)));
  return {
    call: async (parameters) => follow(await device.connect({ params: parameters }), tell, signalling),
    listen,
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
  return [31005, 31000, 31009, 53000, EXPIRED].includes(error.code) ? "no_carrier" : "lost";
}

function follow(call, tell, signalling) {
  let share = 1;
  const loud = () => outputs(call).forEach((sound) => (sound.volume = share));
  const told = (event, detail) => tell(event, detail, followed);
  call.on("accept", () => told("connected"));
  for (const end of ["disconnect", "cancel", "reject"]) call.on(end, () => told("ended"));
  if (signalling) call.on("transportClose", () => told("trouble", "lost")); // there a call ends with its connection
  call.on("error", (error) => told("trouble", trouble(error)));
  call.on("volume", (input, output) => {
    loud(); // the library makes another element when it likes
    told("level", { input, output });
  });
  call.on("messageReceived", (message) => told("said", message.content));
  const followed = {
    accept: () => call.accept(),
    decline: () => call.reject(),
    hangUp: () => call.disconnect(),
    press: (key) => call.sendDigits(key),
    speak: (text) =>
      call.sendMessage({ content: { text }, contentType: "application/json", messageType: "user-defined-message" }),
    mute: (on) => call.mute(on),
    volume(wished) {
      share = wished;
      loud();
    },
  };
  return followed;
}

// The library has no volume of a call, and plays it by elements that are in no document: they are its own affair, so
// its version is pinned and a test listens.
function outputs(call) {
  const media = call._mediaHandler;
  return [media._masterAudio, ...[...media.outputs.values()].map((output) => output.audio)].filter(Boolean);
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
