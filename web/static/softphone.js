// A telephone in the browser: one interface, two adapters. The twilio adapter carries a voice: Twilio's own library
// speaks to Twilio and to the carrier that comes with the hotline alike. The fake one carries text and keys alone, to
// the carrier that comes with the hotline: for whoever has no microphone, cannot hear or cannot speak, and for
// browsers without WebRTC. The call is as real.
//
//   const phone = await openSoftphone({ token, signalling, tell })
//   phone.call({ To, From })   phone.listen()   phone.close()
//   call.accept() .decline() .hangUp() .press("5") .speak("words") .mute(true) .volume(0.5)
//
// `token()` asks the hotline for an access token and how many seconds it is good. `tell(event, detail, call)` hears:
// rings (its detail is the call), connected, ended, said, level, trouble, and of a telephone that listens: here, away.
// What concerns no call has none. What becomes of a call that rings while there is another is the page's affair.
// Troubles are no_microphone, insecure, no_carrier, no_library and lost.

const wished = new URLSearchParams(location.search).get("softphone");

// "fake" or "twilio", and whether it had to be so because the browser carries no voice.
export function adapter(signalling) {
  const mute = !globalThis.RTCPeerConnection || !navigator.mediaDevices?.getUserMedia;
  const text = Boolean(signalling) && (wished === "fake" || mute);
  return { name: text ? "fake" : "twilio", forced: text && wished !== "fake" };
}

// Asks for the microphone before anything rings: the trouble with it, or nothing.
export async function microphone(signalling) {
  if (adapter(signalling).name === "fake") return null;
  if (!navigator.mediaDevices) return "insecure";
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ audio: true });
    opened.getTracks().forEach((track) => track.stop());
    return null;
  } catch {
    return "no_microphone";
  }
}

export async function openSoftphone(how) {
  const { open } = await import(`./softphone-${adapter(how.signalling).name}.js`);
  return open(how);
}
