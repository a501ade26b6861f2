// A caller's telephone.

import { openSoftphone } from "./softphone.js";
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
  at("hang-up").disabled = call === null;
  at("mute").disabled = call === null;
  for (const key of pad) key.disabled = call === null;
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
  const lost = trouble && call;
  if (call || dialling || trouble) status(text, trouble);
  if (lost) call.hangUp();
  const used = phone; // what has lost its carrier goes on trying and failing: the next call gets a new one
  if (used) setTimeout(() => used.close());
  phone = null;
  call = null;
  dialling = false;
  at("level-in").value = at("level-out").value = 0;
  at("mute").setAttribute("aria-pressed", "false");
  at("mute").textContent = say("mute");
  show();
}

function write({ text, language, kind }) {
  at("nothing-said").hidden = true;
  const line = document.createElement("li");
  if (kind === "say" || kind === "voice") {
    line.lang = language;
    line.textContent = text;
  } else {
    line.className = "sound";
    line.textContent = kind === "play" ? say("music") : ["beep", "ringing"].includes(text) ? say(text) : `(${text})`;
  }
  const last = at("said").lastElementChild;
  if (line.className === "sound" && last?.textContent === line.textContent) return; // music goes on
  at("said").append(line);
  line.scrollIntoView({ block: "nearest" });
}

async function token() {
  const answer = await fetch("/phone/token", { method: "POST" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

async function dial() {
  const mine = ++attempt;
  const heard = (event, detail) => mine === attempt && tell(event, detail); // late words of an earlier call
  dialling = true;
  at("said").replaceChildren();
  at("nothing-said").hidden = false;
  status(say("asking"));
  show();
  try {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    microphone.getTracks().forEach((track) => track.stop());
  } catch {
    return over(say("no_microphone"), true);
  }
  status(say("connecting"));
  try {
    const opened = await openSoftphone({ token, signalling, tell: heard });
    if (!opened) return over(say("no_library"), true);
    phone = opened;
    const from = at("from").value.replace(/[^+0-9]/g, "");
    const placed = await opened.call({ To: number, From: from || "anonymous" });
    if (!dialling || mine !== attempt) return placed.hangUp(); // given up meanwhile
    call = placed;
    call.volume(Number(at("volume").value));
  } catch {
    return mine === attempt && over(say("no_carrier"), true);
  }
  dialling = false;
  show();
  pad[0].parentElement.querySelector("button").focus();
}

at("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!dialling && !call) dial();
});
at("hang-up").addEventListener("click", () => call?.hangUp());
at("mute").addEventListener("click", () => {
  const on = at("mute").getAttribute("aria-pressed") !== "true";
  call?.mute(on);
  at("mute").setAttribute("aria-pressed", String(on));
  at("mute").textContent = say(on ? "unmute" : "mute");
});
at("volume").addEventListener("input", () => call?.volume(Number(at("volume").value)));
for (const key of pad) key.addEventListener("click", () => call?.press(key.dataset.key));
addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = pad.find((one) => one.dataset.key === event.key);
  if (!key || !call) return;
  event.preventDefault();
  key.focus();
  call.press(event.key);
});
addEventListener("pagehide", () => call?.hangUp());
show();
