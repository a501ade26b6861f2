// What is said in a call, written down; and what is written to be said.

import { adapter } from "./softphone.js";
import { say } from "./words.js";

const at = (id) => document.getElementById(id);
const list = at("said");
const RECORDINGS = "/prompts/audio/"; // where the hotline has the recorded prompts; its music is elsewhere

// What recordings say, by their addresses, as far as the menus have it.
let recorded = {};
fetch("/phone/recordings").then((answer) => answer.json()).then((found) => { recorded = found; }, () => {});

// One more line. `own`: written here.
export function write({ text, language, kind }, own = false) {
  at("nothing-said").hidden = true;
  const line = document.createElement("li");
  const isWords = kind === "say" || kind === "voice";
  if (isWords && language) line.lang = language;
  line.className = own ? "own" : isWords || recorded[text] ? "" : "sound";
  line.textContent = isWords ? text : sound(kind, text);
  const last = list.lastElementChild;
  if (line.className === "sound" && last?.textContent === line.textContent) return; // music goes on
  list.append(line);
  list.scrollTop = list.scrollHeight; // the list alone: the keys stay under the finger
}

function sound(kind, text) {
  if (kind === "play") return recorded[text] ?? say(text.includes(RECORDINGS) ? "recording" : "music");
  return ["beep", "ringing"].includes(text) ? say(text) : `(${text})`;
}

export function forget() {
  list.replaceChildren();
  at("nothing-said").hidden = false;
}

// Lets what is written be spoken: `speak(words)` in a call, and `writable(true)` while there is one; `heard`: somebody
// is there to hear it.
export function writing(speak) {
  at("write").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = at("to-say").value.trim();
    if (!words || at("send").disabled) return;
    speak(words);
    write({ text: words, kind: "voice" }, true);
    at("to-say").value = "";
  });
}

export function writable(now, heard = now) {
  at("send").disabled = !heard;
  at("other").hidden = now; // it would load the page anew, and hang up
}

// Says which telephone this is, and how to get the other one.
export function introduce(signalling) {
  const { name, forced } = adapter(signalling);
  document.body.classList.toggle("by-text", name === "fake");
  at("by-text").hidden = name !== "fake";
  at("why-text").hidden = !forced;
  for (const [id, softphone] of [["to-text", "fake"], ["to-voice", "twilio"]]) {
    const search = new URLSearchParams(location.search);
    search.set("softphone", softphone);
    at(id).search = search;
    at(id).hash = location.hash;
    at(id).hidden = (name === softphone) || (forced && softphone === "twilio");
  }
}
