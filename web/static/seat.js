// An agent's telephone: what happens to the call is asked of the hotline, what is heard comes by the telephone.

import { openSoftphone } from "./softphone.js";
import { say, status } from "./words.js";

const EVERY = 1000; // milliseconds between looks at the seat
const at = (id) => document.getElementById(id);
const { signalling } = document.querySelector(".phone").dataset;
const [agent, key] = decodeURIComponent(location.hash.slice(1)).split("/");
const ACTS = { "be-ready": "ready", pause: "pause", "wrap-up-done": "wrap-up-done", leave: "offline", "hang-up": "hang-up" };
let ringing = null;
let call = null;
let seat = null;
let asking = false;

async function ask(action = "") {
  const method = action ? "POST" : "GET";
  const answer = await fetch(`/seat/${encodeURIComponent(agent)}${action && "/" + action}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(action ? { "Content-Type": "application/json" } : {}) },
    body: action ? "{}" : undefined,
  });
  const told = await answer.json();
  if (answer.status === 401 || answer.status === 403) throw new SignedOut(told.error);
  if (!answer.ok && answer.status !== 409) throw new Error(told.error);
  return told;
}

class SignedOut extends Error {}

function tell(event, detail) {
  switch (event) {
    case "rings":
      ringing = detail;
      break;
    case "connected":
      [call, ringing] = [ringing ?? call, null];
      break;
    case "ended":
      [call, ringing] = [null, null];
      at("level-in").value = at("level-out").value = 0;
      break;
    case "trouble":
      status(say(detail), true);
      break;
    case "level":
      at("level-in").value = detail.input;
      at("level-out").value = detail.output;
      return;
  }
  look();
}

async function look() {
  if (asking) return;
  asking = true;
  try {
    show(await ask());
  } catch (error) {
    status(error instanceof SignedOut ? say("not_signed_in") : say("no_carrier"), true);
  } finally {
    asking = false;
  }
}

function show(told) {
  if (!told.state) return; // nothing to do with that now; the next look shows why
  seat = told;
  const talk = seat.talk;
  status(say(seat.state) + (seat.then ? ` → ${say(seat.then)}` : ""));
  at("talk").hidden = !talk;
  if (talk) facts({ caller: talk.caller, language: say(talk.language), ticket: talk.ticket });
  at("accept").disabled = at("decline").disabled = ringing === null;
  at("hang-up").disabled = !talk?.accepted;
  at("hold").disabled = !talk?.connected;
  at("hold").setAttribute("aria-pressed", String(Boolean(talk?.held)));
  at("hold").textContent = say(talk?.held ? "unhold" : "hold");
  at("mute").disabled = call === null;
  at("be-ready").disabled = ["ready", "offered", "talking"].includes(seat.state);
  at("pause").disabled = seat.state === "paused";
  at("wrap-up-done").disabled = seat.state !== "wrapping-up";
  at("leave").disabled = seat.state === "offline";
}

function facts(values) {
  at("talk").replaceChildren(
    ...Object.entries(values).flatMap(([name, value]) => {
      const [term, told] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = say(name);
      told.textContent = value;
      return [term, told];
    }),
  );
}

async function act(action) {
  try {
    show(await ask(action));
  } catch {
    // the next look says what is wrong
  }
  look();
}

for (const [id, action] of Object.entries(ACTS)) at(id).addEventListener("click", () => act(action));
at("accept").addEventListener("click", () => ringing?.accept());
at("decline").addEventListener("click", () => ringing?.decline());
at("hold").addEventListener("click", () => act(seat?.talk?.held ? "unhold" : "hold"));
at("mute").addEventListener("click", () => {
  const on = at("mute").getAttribute("aria-pressed") !== "true";
  call?.mute(on);
  at("mute").setAttribute("aria-pressed", String(on));
  at("mute").textContent = say(on ? "unmute" : "mute");
});
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !ringing) return;
  if (event.key.toLowerCase() === "a") ringing.accept();
  if (event.key.toLowerCase() === "d") ringing.decline();
});

async function sitDown() {
  if (!agent || !key) return status(say("not_signed_in"), true);
  at("agent").textContent = agent;
  try {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    microphone.getTracks().forEach((track) => track.stop());
  } catch {
    return status(say("no_microphone"), true);
  }
  try {
    const phone = await openSoftphone({ token: () => ask("token"), signalling, tell });
    if (!phone) return status(say("no_library"), true);
    await phone.listen();
    await ask("ready");
  } catch (error) {
    return status(error instanceof SignedOut ? say("not_signed_in") : say("no_carrier"), true);
  }
  setInterval(look, EVERY);
  look();
}

sitDown();
