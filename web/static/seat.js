// An agent's telephone: what happens to the call is asked of the hotline, what is heard comes by the telephone.

import { ringing as bell } from "./bell.js";
import { muting, unmuted } from "./mute.js";
import { forget, introduce, writable, write, writing } from "./said.js";
import { microphone, openSoftphone } from "./softphone.js";
import { say, status } from "./words.js";

const EVERY = 1000; // milliseconds between looks at the seat
const PATIENT = 4; // looks until what the seat and the telephone know must agree
const at = (id) => document.getElementById(id);
const { signalling } = document.querySelector(".phone").dataset;
const [agent, key] = whose(location.hash.slice(1));
const ACTS = { "be-ready": "ready", pause: "pause", "wrap-up-done": "wrap-up-done", leave: "offline", "hang-up": "hang-up" };
let ringing = null;
let call = null;
let seat = null;
let asking = false;
let accepting = false; // the call that rings, or rang
let trouble = ""; // with the telephone, until it is here again, or rings
let adrift = 0; // looks since the seat has had a call and the telephone none, or the other way round

function whose(fragment) {
  try {
    return decodeURIComponent(fragment).split("/");
  } catch {
    return [];
  }
}

async function ask(action = "") {
  const method = action ? "POST" : "GET";
  const answer = await fetch(`/seat/${encodeURIComponent(agent)}${action && "/" + action}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(action ? { "Content-Type": "application/json" } : {}) },
    body: action ? JSON.stringify(action === "pause" ? { reason: at("reason")?.value } : {}) : undefined,
  });
  const told = await answer.json();
  if (answer.status === 401 || answer.status === 403) throw new SignedOut(told.error);
  if (!answer.ok && answer.status !== 409) throw new Error(told.error);
  return told;
}

class SignedOut extends Error {}

function tell(event, detail, of = ringing ?? call) {
  if (of !== (ringing ?? call)) return; // late word of an earlier call
  switch (event) {
    case "rings":
      call?.hangUp(); // nobody is rung who talks: it is over, and word of that is still under way
      [call, ringing, accepting, trouble] = [null, detail, false, ""];
      break;
    case "connected":
      [call, ringing, trouble] = [ringing ?? call, null, ""];
      unmuted();
      forget();
      break;
    case "ended":
      [call, ringing, accepting] = [null, null, false];
      unmuted();
      at("level-in").value = at("level-out").value = 0;
      break;
    case "here":
      trouble = "";
      break;
    case "away":
      trouble = "no_carrier";
      break;
    case "trouble":
      [accepting, trouble] = [false, detail];
      break;
    case "said":
      return write(detail);
    case "level":
      at("level-in").value = detail.input;
      at("level-out").value = detail.output;
      return;
  }
  phoneShows();
  look();
}

async function look() {
  if (asking) return;
  asking = true;
  try {
    show(await ask());
  } catch (error) {
    status(say(error instanceof SignedOut ? "not_signed_in" : "no_hotline"), true);
  } finally {
    asking = false;
  }
}

function phoneShows() {
  const rings = ringing !== null && !accepting;
  bell(rings, say("offered"));
  at("accept").disabled = at("decline").disabled = !rings;
  at("mute").disabled = call === null;
  mayWrite();
}

const mayWrite = () => writable(call !== null, call !== null && Boolean(seat?.talk?.connected));

function show(told) {
  if (!told.state) return; // nothing to do with that now; the next look shows why
  seat = told;
  const talk = seat.talk;
  adrift = Boolean(talk) === Boolean(ringing ?? call) ? 0 : adrift + 1;
  const elsewhere = talk && adrift >= PATIENT;
  if (!talk && adrift >= PATIENT) dropped();
  const connecting = talk?.accepted && (!talk.connected || talk.notice); // who calls hears the notice to its end first
  const awaiting = talk?.accepted && talk.other?.state === "offered";
  const accepted = accepting && seat.state === "offered"; // here, and the hotline does not know it yet
  const under_way = talk?.call_back && !talk.connected ? "dialling" : "connecting";
  const why = seat.state === "ready" && seat.reason ? ` · ${say(seat.reason)}` : ""; // what became of the call
  const why_not_yet = talk?.notice ? "notice" : under_way;
  const now = say(awaiting ? "awaiting" : connecting ? why_not_yet : accepted ? under_way : seat.state);
  const state = now + (seat.then ? ` → ${say(seat.then)}` : "") + why;
  const wrong = trouble || (elsewhere && "elsewhere");
  status(wrong ? `${state} · ${say(wrong)}` : state, Boolean(wrong));
  at("talk").hidden = !talk;
  const whom = talk?.call_back ? "call_back" : "caller";
  if (talk) facts({ [whom]: talk.caller, language: say(talk.language), ticket: talk.ticket, ...beside(talk) });
  mayWrite();
  const mightHangUp = !at("hang-up").disabled;
  at("hang-up").disabled = !talk?.accepted;
  if (!mightHangUp && talk?.accepted && document.activeElement === document.body) at("hang-up").focus(); // accept had it
  at("hold").disabled = !talk?.connected || talk.role !== "agent";
  at("hold").classList.toggle("on", Boolean(talk?.held));
  at("hold").textContent = say(talk?.held ? "unhold" : "hold");
  at("be-ready").disabled = ["ready", "offered", "talking"].includes(seat.state);
  at("pause").disabled = seat.state === "paused";
  at("wrap-up-done").disabled = seat.state !== "wrapping-up";
  at("leave").disabled = seat.state === "offline";
}

// Who interprets for this agent, or for whom this one does, and whether they are there.
function beside({ role, other }) {
  return other ? { [role === "agent" ? "interpreter" : "interpreting"]: `${other.label} · ${say(`other_${other.state}`)}` } : {};
}

// The hotline knows of no call any more: what is left of it here is nothing.
function dropped() {
  call?.hangUp();
  tell("ended");
}

function facts(values) {
  const shown = JSON.stringify(values);
  if (at("talk").dataset.shown === shown) return;
  at("talk").dataset.shown = shown;
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

function accept() {
  accepting = true;
  ringing.accept();
  phoneShows();
  look();
}

for (const [id, action] of Object.entries(ACTS)) at(id).addEventListener("click", () => act(action));
at("accept").addEventListener("click", accept);
at("decline").addEventListener("click", () => ringing?.decline());
at("hold").addEventListener("click", () => act(seat?.talk?.held ? "unhold" : "hold"));
addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !ringing || accepting) return;
  if (event.code === "KeyA") accept(); // the same key whatever the alphabet of the keyboard
  if (event.code === "KeyD") ringing.decline();
});
addEventListener("hashchange", () => location.reload()); // another seat, or the token that was missing
muting((on) => call?.mute(on));
writing((words) => call?.speak(words));

async function sitDown() {
  at("sit-down").hidden = true;
  if (!agent || !key) return status(say("not_signed_in"), true);
  at("agent").textContent = agent;
  const refused = (await microphone(signalling)) ?? (await opened());
  if (!refused) {
    setInterval(look, EVERY);
    return look();
  }
  status(say(refused), true);
  at("sit-down").hidden = refused === "not_signed_in";
}

// Takes the seat; what is in the way, or nothing.
async function opened() {
  let phone = null;
  try {
    phone = await openSoftphone({ token: () => ask("token"), signalling, tell });
    if (!phone) return "no_library";
    await phone.listen();
    await ask("sit-down"); // a page that is loaded again ends no break
    return null;
  } catch (error) {
    phone?.close();
    return error instanceof SignedOut ? "not_signed_in" : "no_carrier";
  }
}

at("sit-down").addEventListener("click", sitDown);
introduce(signalling);
sitDown();
