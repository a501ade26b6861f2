// Rings, and shows it in the window's title, for whoever looks elsewhere.

const RATE = 8000;
const title = document.title;
const bell = new Audio(URL.createObjectURL(new Blob([ring()], { type: "audio/wav" })));
bell.loop = true;

// `words` say what the ringing means.
export function ringing(now, words = "") {
  document.title = now ? `☎ ${words} · ${title}` : title;
  if (!now) bell.pause();
  else if (bell.paused) bell.play().catch(() => {}); // a browser that wants a click first: the title says it
}

// A WAV file, 8 bit: two soft tones for a second, two seconds of silence.
function ring() {
  const samples = new Uint8Array(3 * RATE).fill(128);
  for (let i = 0; i < RATE; i++) {
    const [low, high] = [440, 554].map((hertz) => Math.sin((2 * Math.PI * hertz * i) / RATE));
    samples[i] = 128 + 20 * (low + high) * Math.min(1, i / 400, (RATE - i) / 400);
  }
  const header = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => [...letters].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  header.setUint32(4, 36 + samples.length, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, RATE, true);
  header.setUint32(28, RATE, true);
  header.setUint16(32, 1, true);
  header.setUint16(34, 8, true);
  text(36, "data");
  header.setUint32(40, samples.length, true);
  return new Blob([header, samples]);
}
