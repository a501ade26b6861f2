// The button that mutes, the same on both pages.

import { say } from "./words.js";

const button = document.getElementById("mute");
let on = false;

// `mute(on)` is told what is wished.
export function muting(mute) {
  button.addEventListener("click", () => {
    mute(!on);
    shows(!on);
  });
}

// A call begins, or is over: it is not muted.
export const unmuted = () => shows(false);

function shows(now) {
  on = now;
  button.classList.toggle("on", on);
  button.textContent = say(on ? "unmute" : "mute");
}
