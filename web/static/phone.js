// A caller's telephone. Once it has called from a number it stands in for that number, as long as the page is open: the
// hotline can call back.

import { ringing as bell } from "./bell.js";
import { muting, unmuted } from "./mute.js";
import { forget, introduce, writable, write, writing } from "./said.js";
import { microphone, openSoftphone } from "./softphone.js";
import { say, status } from "./words.js";

const AGAIN = 5000; // milliseconds until a telephone that cannot be called tries again
const NUMBER = "number"; // under which the page keeps its number when it is loaded again
const at = (id) => document.getElementById(id);
const { signalling, number } = document.querySelector(".phone").dataset;
const pad = [...document.querySelectorAll("[data-key]")];
let phone = null;
let stays = false; // the telephone can be called: it is there between the calls
let call = null;
let ringing = null;
let answering = false; // the call that rings
let dialling = false;
let attempt = 0;

function show() {
  const busy = dialling || (ringing ?? call) !== null;
  const rings = ringing !== null && !answering;
  bell(rings, say("rings"));
  at("rings").hidden = !rings;
  at("call").disabled = busy;
  at("from").readOnly = busy;
  at("hang-up").disabled = !busy || rings;
  at("mute").disabled = call === null;
  for (const key of pad) key.disabled = call === null;
  writable(call !== null);
  at("other").hidden = busy; // it would load the page anew, and hang up
}

function tell(event, detail, of) {
  if (event === "rings") return rings(detail);
  if (of && of !== (ringing ?? call)) return; // a call that was declined, or is over
  switch (event) {
    case "connected":
      if (ringing) connected(ringing);
      return status(say("talking"));
    case "ended":
      return over(say("over"));
    case "away":
    case "trouble":
      return over(say(detail ?? "no_carrier"), true);
    case "level":
      at("level-in").value = detail.input;
      at("level-out").value = detail.output;
      return;
    case "said":
      return write(detail);
  }
}

// Somebody calls this telephone, which has one line.
function rings(incoming) {
  if (dialling || ringing || call) return incoming.decline();
  ringing = incoming;
  status(say("rings"));
  show();
  if (!document.activeElement.matches("input")) at("answer").focus({ preventScroll: true });
}

function answer() {
  if (!ringing || answering) return;
  answering = true;
  forget();
  status(say("answering"));
  show();
  at("hang-up").focus({ preventScroll: true });
  ringing.accept();
}

function connected(placed) {
  [call, ringing, answering] = [placed, null, false];
  call.volume(Number(at("volume").value));
  show();
  pad[0].focus({ preventScroll: true });
}

function over(text, trouble = false) {
  const lost = trouble ? (ringing ?? call) : null;
  const inHand = document.activeElement; // it may be a key that goes out
  if (call || ringing || dialling || trouble) status(text, trouble);
  [call, ringing, answering, dialling] = [null, null, false, false];
  attempt++; // nothing more is heard of this call: that hanging up fails, too
  if (trouble || !stays) leave(); // what has lost its carrier goes on trying and failing: the next call gets a new one
  if (trouble) setTimeout(stay, AGAIN);
  lost?.hangUp();
  at("level-in").value = at("level-out").value = 0;
  unmuted();
  show();
  if (inHand?.disabled || document.activeElement === document.body) at("call").focus({ preventScroll: true });
}

const written = () => at("from").value.replace(/[^+0-9]/g, "");

// A telephone for the number that is written there, which can be called if the hotline calls such a number; null where
// there is no library, or this attempt is over.
async function open(mine) {
  const body = JSON.stringify({ number: written() });
  let opened;
  let rings = false;
  async function token() {
    const answer = await fetch("/phone/token", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const told = await answer.json();
    rings = told.rings;
    return told;
  }
  const heard = (event, detail, of) => phone === opened && tell(event, detail, of);
  opened = await openSoftphone({ token, signalling, tell: heard });
  if (!opened || mine !== attempt) {
    opened?.close();
    return null;
  }
  [phone, stays] = [opened, rings];
  if (stays) await opened.listen();
  return opened;
}

function leave() {
  const used = phone;
  phone = null;
  if (used) setTimeout(() => used.close());
}

// Is called, between the calls, at the number that has called from here.
async function stay() {
  if (phone || dialling || sessionStorage.getItem(NUMBER) !== written()) return;
  const mine = ++attempt;
  try {
    if (await open(mine)) status(say(stays ? "reachable" : "ready"));
  } catch {
    if (mine !== attempt) return;
    leave();
    setTimeout(stay, AGAIN);
  }
}

async function dial() {
  const mine = ++attempt;
  const given_up = () => mine !== attempt || !dialling;
  dialling = true;
  forget();
  status(say("asking"));
  show();
  at("hang-up").focus();
  const refused = await microphone(signalling);
  if (given_up()) return;
  if (refused) return over(say(refused), true);
  status(say("connecting"));
  leave(); // the telephone that called last from a number is the one that rings there
  try {
    const opened = await open(mine);
    if (given_up()) return;
    if (!opened) return over(say("no_library"), true);
    if (stays) sessionStorage.setItem(NUMBER, written());
    const placed = await opened.call({ To: number, From: written() || "anonymous" });
    if (given_up()) return placed.hangUp();
    dialling = false;
    connected(placed);
  } catch {
    given_up() || over(say("no_carrier"), true);
  }
}

at("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!dialling && !call && !ringing) dial();
});
at("from").addEventListener("change", () => {
  sessionStorage.removeItem(NUMBER);
  attempt++;
  leave(); // another number is another telephone, which has called nobody yet
});
at("answer").addEventListener("click", answer);
at("decline").addEventListener("click", () => ringing?.decline());
at("hang-up").addEventListener("click", () => (call ? call.hangUp() : over(say("over"))));
muting((on) => call?.mute(on));
at("volume").addEventListener("input", () => call?.volume(Number(at("volume").value)));
for (const key of pad) key.addEventListener("click", () => call?.press(key.dataset.key));
addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=range], [readonly])")) return; // is being written in
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (ringing && !answering && event.code === "KeyA") answer(); // the same key whatever the alphabet of the keyboard
  if (ringing && !answering && event.code === "KeyD") ringing.decline();
  const key = pad.find((one) => one.dataset.key === event.key);
  if (!key || !call) return;
  event.preventDefault();
  key.focus({ preventScroll: true });
  call.press(event.key);
});
addEventListener("pagehide", () => call?.hangUp());
if (sessionStorage.getItem(NUMBER)) at("from").value = sessionStorage.getItem(NUMBER);
writing((words) => call?.speak(words));
introduce(signalling);
show();
stay();
