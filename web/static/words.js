// The words of the page in its language, and where to show them.

const words = JSON.parse(document.getElementById("words").textContent);

export const say = (name) => words[name] ?? name;

export function status(text, trouble = false) {
  const line = document.getElementById("status");
  line.textContent = text;
  line.classList.toggle("trouble", trouble);
}

// A page whose address has a fragment keeps it in another language.
for (const link of document.querySelectorAll("a[data-keeps-fragment]")) {
  link.addEventListener("click", () => (link.hash = location.hash));
}
