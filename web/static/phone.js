// A caller's telephone.

import { muting, unmuted } from "./mute.js";
import { forget, introduce, writable, write, writing } from "./said.js";
import { microphone, openSoftphone } from "./softphone.js";
import { say, status } from "./words.js";

const at = (id) => document.getElementById(id);
const { signalling, number } = document.querySelector(".phone").dataset;
const pad = [...document.querySelectorAll("[data-key]")];
let phone = null;
let call = null;
let dialling = false;
let attempt = 0;

function show() {
  const busy = dialling || call !== null;
  at("call").disabled = busy;
  at("from").readOnly = busy;
  at("hang-up").disabled = !busy;
  at("mute").disabled = call === null;
  for (const key of pad) key.disabled = call === null;
  writable(call !== null);
}

function tell(event, detail) {
  switch (event) {
    case "connected":
      return status(say("talking"));
    case "ended":
      return over(say("over"));
    case "trouble":
      return over(say(detail), true);
    case "level":
      at("level-in").value = detail.input;
      at("level-out").value = detail.output;
      return;
    case "said":
      return write(detail);
  }
}

function over(text, trouble = false) {
  const lost = trouble ? call : null;
  const inHand = document.activeElement; // it may be a key that goes out
  if (call || dialling || trouble) status(text, trouble);
  const used = phone; // what has lost its carrier goes on trying and failing: the next call gets a new one
  if (used) setTimeout(() => used.close());
  phone = null;
  call = null;
  dialling = false;
  attempt++; // nothing more is heard of this call: that hanging up fails, too
  lost?.hangUp();
  at("level-in").value = at("level-out").value = 0;
  unmuted();
  show();
  if (inHand?.disabled || document.activeElement === document.body) at("call").focus({ preventScroll: true });
}

async function token() {
  const answer = await fetch("/phone/token", { method: "POST" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

async function dial() {
  const mine = ++attempt;
  const given_up = () => mine !== attempt || !dialling;
  const heard = (event, detail) => mine === attempt && tell(event, detail); // late words of an earlier call
  dialling = true;
  forget();
  status(say("asking"));
  show();
  at("hang-up").focus();
  const refused = await microphone(signalling);
  if (given_up()) return;
  if (refused) return over(say(refused), true);
  status(say("connecting"));
  try {
    const opened = await openSoftphone({ token, signalling, tell: heard });
    if (given_up()) return opened?.close();
    if (!opened) return over(say("no_library"), true);
    phone = opened;
    const from = at("from").value.replace(/[^+0-9]/g, "");
    const placed = await opened.call({ To: number, From: from || "anonymous" });
    if (given_up()) return placed.hangUp();
    call = placed;
    call.volume(Number(at("volume").value));
  } catch {
    return given_up() || over(say("no_carrier"), true);
  }
  dialling = false;
  show();
  pad[0].focus({ preventScroll: true });
}

at("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!dialling && !call) dial();
});
at("hang-up").addEventListener("click", () => (call ? call.hangUp() : over(say("over"))));
muting((on) => call?.mute(on));
at("volume").addEventListener("input", () => call?.volume(Number(at("volume").value)));
for (const key of pad) key.addEventListener("click", () => call?.press(key.dataset.key));
addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=range], [readonly])")) return; // is being written in
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = pad.find((one) => one.dataset.key === event.key);
  if (!key || !call) return;
  event.preventDefault();
  key.focus({ preventScroll: true });
  call.press(event.key);
});
addEventListener("pagehide", () => call?.hangUp());
writing((words) => call?.speak(words));
introduce(signalling);
show();
