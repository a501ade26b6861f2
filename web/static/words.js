// The words of the page in its language, and where to show them.

const words = JSON.parse(document.getElementById("words").textContent);

export const say = (name) => words[name] ?? name;

// Says it once: whoever listens to the page is not told the same again and again.
export function status(text, trouble = false) {
  const line = document.getElementById("status");
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("trouble", trouble);
}

// In another language the page keeps its fragment, and the telephone that was chosen.
for (const link of document.querySelectorAll("a[hreflang]")) {
  const here = new URLSearchParams(location.search);
  here.set("language", link.hreflang);
  link.search = here;
  link.addEventListener("click", () => (link.hash = location.hash));
}
