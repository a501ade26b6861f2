// A recording that cannot be fetched says so.

for (const sound of document.querySelectorAll("audio")) {
  const trouble = sound.nextElementSibling;
  sound.addEventListener("error", () => (trouble.hidden = false));
  sound.addEventListener("loadeddata", () => (trouble.hidden = true));
}
