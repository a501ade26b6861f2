// The inspector: shows what the carrier tells by server-sent events. Everything is put in as text, never as
// markup: what an application answers may be hostile.

const MOST = 600; // requests and alerts that the page keeps
const byId = (id) => document.getElementById(id);
const log = byId("log");
const known = { calls: new Map(), conferences: new Map(), queues: new Map(), numbers: new Map() };
const entries = new Map(); // id -> {thing, node, words}
let chosen = ""; // the call whose requests are shown; empty: all

function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) if (value) node.setAttribute(key, value);
  node.append(...children.map((child) => child ?? ""));
  return node;
}

const two = (number) => String(number).padStart(2, "0");
function clock(at) {
  const when = new Date(at);
  const words = `${two(when.getHours())}:${two(when.getMinutes())}:${two(when.getSeconds())}`;
  return make("time", { datetime: when.toISOString() }, `${words}.${String(when.getMilliseconds()).padStart(3, "0")}`);
}
function lasted(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

// calls, conferences, queues
function callRow(call) {
  const ended = call.ended ?? Date.now();
  const button = make("button", { type: "button", class: "call", "aria-pressed": String(call.sid === chosen), "data-call": call.sid },
    make("span", { class: "ends" }, `${call.from} → ${call.to}`),
    make("span", { class: `status ${bad(call.status)}` }, call.status),
    make("span", { class: "about" }, call.direction),
    make("time", {}, call.answered ? lasted((ended - call.answered) / 1000) : ""));
  button.title = call.sid;
  return make("li", { class: `${call.live ? "live" : ""} ${call.parent ? "leg" : ""}`, "data-sid": call.sid }, button);
}
const bad = (status) => (["busy", "failed", "no-answer", "canceled"].includes(status) ? "bad" : "");

function family(sid) {
  // The call, the one that dialled it, and those that it dialled.
  const call = known.calls.get(sid);
  const root = call?.parent && known.calls.has(call.parent) ? call.parent : sid;
  return new Set([root, ...[...known.calls.values()].filter((one) => one.parent === root).map((one) => one.sid)]);
}

function inOrder(calls) {
  // Newest first; the legs that a call has dialled stand below it.
  const newest = [...calls.values()].sort((a, b) => b.at - a.at);
  const roots = newest.filter((call) => !calls.has(call.parent));
  return roots.flatMap((root) => [root, ...newest.filter((call) => call.parent === root.sid).reverse()]);
}

function drawCalls() {
  const list = byId("calls");
  const held = document.activeElement?.dataset?.call;
  list.replaceChildren(...inOrder(known.calls).map(callRow));
  if (held) list.querySelector(`[data-call="${CSS.escape(held)}"]`)?.focus();
}

function drawInside(list, things, about) {
  list.replaceChildren(...[...things.values()].sort((a, b) => (b.at ?? 0) - (a.at ?? 0)).map((thing) =>
    make("li", { "data-sid": thing.sid }, `${thing.name} `, make("span", { class: "count" }, about(thing)),
      make("ul", {}, ...thing.inside.map((one) => make("li", {}, one.status ? `${one.who}: ${one.status}` : one.who))))));
}

function drawNumbers() {
  const rows = [...known.numbers.values()].map((one) =>
    make("li", {}, one.number, make("br"), make("span", { class: "count" }, one.url || "no webhook")));
  byId("numbers").replaceChildren(...rows);
  const number = [...known.numbers.values()][0]?.number ?? "+8643112345";
  byId("dial").textContent = [
    "import asyncio",
    "from carrier.phone import Phone",
    "",
    "async def call():",
    `    phone = await Phone.connect("${location.origin}", ACCOUNT_SID, AUTH_TOKEN)`,
    `    line = await phone.dial("${number}", "+8643188880001")`,
    "    await line.ends(within=600)",
    "    print(line.heard)",
    "",
    "asyncio.run(call())"].join("\n");
}

// requests and alerts
const path = (url) => url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");

function summary(thing) {
  if (thing.code) {
    return make("summary", {}, clock(thing.at), make("span", { class: "method" }, thing.level === "error" ? "ERR" : "WARN"),
      make("span", { class: "what" }, thing.text, " ", make("span", { class: "hint" }, path(thing.url))), make("span", { class: "took" }), make("span", { class: "number" }, String(thing.code)));
  }
  const good = thing.status >= 100 && thing.status < 400;
  const status = thing.status ? String(thing.status) : thing.ms === null ? "…" : "✗";
  const what = make("span", { class: "what" }, path(thing.url) || "/", " ", make("span", { class: "hint" }, hint(thing)));
  return make("summary", {}, clock(thing.at), make("span", { class: "method" }, thing.method), what,
    make("span", { class: "took" }, thing.ms === null ? "on its way" : `${thing.ms} ms`),
    make("span", { class: `number ${good ? "good" : thing.ms === null ? "" : "bad"}` }, status));
}

const TELLING = ["StatusCallbackEvent", "StreamEvent", "Digits", "DialCallStatus", "QueueResult", "RecordingStatus", "CallStatus"];
function hint(thing) {
  // Whose call it is, and the one parameter that says most.
  const params = new Map(thing.params);
  const telling = TELLING.find((name) => params.has(name));
  const call = known.calls.get(thing.call);
  return [call && (call.direction === "inbound" ? call.from : call.to), telling && `${telling}=${params.get(telling)}`].filter(Boolean).join(" · ");
}

function part(title, ...inside) {
  return make("div", {}, make("h3", {}, title), ...inside);
}

function inside(thing) {
  const parts = [];
  if (thing.code) {
    if (thing.url) parts.push(part("Where", make("p", {}, `${thing.method} ${thing.url}`)));
    const link = make("a", { href: `https://www.twilio.com/docs/api/errors/${thing.code}`, rel: "noreferrer", target: "_blank" }, `Twilio's page about ${thing.code}`);
    parts.push(part("Error code", make("p", {}, link)));
  } else {
    parts.push(part("Request", make("p", {}, `${thing.method} ${thing.url}`)));
    if (thing.params.length) {
      parts.push(part("Parameters", make("dl", {}, ...thing.params.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]))));
    }
    if (thing.trouble) parts.push(part("No answer", make("p", { class: "trouble" }, thing.trouble)));
    if (thing.status) {
      const size = `${thing.status} · ${thing.kind} · ${thing.size} bytes${thing.cut ? ", only the beginning is kept" : ""}`;
      parts.push(part("Answer", make("p", {}, size), thing.answer ? make("pre", { tabindex: "0" }, thing.answer) : ""));
    }
  }
  if (thing.call) parts.push(part("Call", make("p", {}, make("button", { type: "button", "data-only": thing.call }, known.calls.has(thing.call) ? `Only this call: ${ends(thing.call)}` : `Only ${thing.call}`))));
  return make("div", { class: "inside" }, ...parts);
}
const ends = (sid) => `${known.calls.get(sid).from} → ${known.calls.get(sid).to}`;

function draw(thing) {
  const details = make("details", {}, summary(thing));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(inside(thing));
  });
  return make("li", { class: thing.code ? `alert ${thing.level}` : "", "data-id": thing.id }, details);
}

function put(thing) {
  const old = entries.get(thing.id);
  const words = JSON.stringify(thing).toLowerCase();
  const node = draw(thing);
  entries.set(thing.id, { thing, node, words });
  if (old) {
    const was = old.node.firstElementChild;
    const held = was.contains(document.activeElement);
    old.node.replaceWith(node);
    node.firstElementChild.open = was.open;
    if (held) node.querySelector("summary").focus();
    return;
  }
  let before = log.firstElementChild;
  while (before && entries.get(before.dataset.id).thing.at > thing.at) before = before.nextElementSibling;
  log.insertBefore(node, before);
  while (entries.size > MOST) {
    entries.delete(log.lastElementChild.dataset.id);
    log.lastElementChild.remove();
  }
}

// what is shown of them
function sift() {
  const words = byId("words").value.trim().toLowerCase();
  const only = byId("alerts-only").checked;
  const calls = chosen ? family(chosen) : null;
  let count = 0;
  for (const { thing, node, words: text } of entries.values()) {
    node.hidden = (calls !== null && !calls.has(thing.call)) || (only && !thing.code) || !text.includes(words);
    count += !node.hidden;
  }
  byId("all").hidden = !chosen;
  const what = `${count} of ${entries.size}`;
  byId("which").textContent = chosen ? `${what}, of ${known.calls.has(chosen) ? `the call ${ends(chosen)} and its legs` : chosen}` : entries.size ? what : "";
}

function choose(sid) {
  chosen = sid === chosen ? "" : sid;
  for (const button of document.querySelectorAll(".call")) button.setAttribute("aria-pressed", String(button.dataset.call === chosen));
  sift();
}

// the carrier's news
function forget() {
  for (const things of Object.values(known)) things.clear();
  entries.clear();
  log.replaceChildren();
}

function take(news) {
  for (const sid of news.gone ?? []) for (const things of Object.values(known)) things.delete(sid);
  for (const [kind, things] of Object.entries(known)) for (const thing of news[kind] ?? []) things.set(thing.sid, thing);
  for (const thing of [...(news.requests ?? []), ...(news.alerts ?? [])]) put(thing);
  if (news.calls || news.gone) drawCalls();
  if (news.conferences || news.gone) drawInside(byId("conferences"), known.conferences, (one) => `${one.status}, ${one.size} in it`);
  if (news.queues || news.gone) drawInside(byId("queues"), known.queues, (one) => `${one.size} waiting`);
  if (news.numbers || news.gone) drawNumbers();
  sift();
}

const source = new EventSource("inspector/news");
source.addEventListener("carrier", (event) => {
  const told = JSON.parse(event.data);
  forget();
  byId("account").textContent = `${told.url} · ${told.account}`;
  byId("link").textContent = "live";
  byId("link").className = "live";
});
source.addEventListener("news", (event) => take(JSON.parse(event.data)));
source.addEventListener("error", () => {
  byId("link").textContent = "the carrier is away; trying again";
  byId("link").className = "";
});

setInterval(() => {
  for (const call of known.calls.values()) {
    if (!call.live || !call.answered) continue;
    const time = byId("calls").querySelector(`[data-sid="${CSS.escape(call.sid)}"] time`);
    if (time) time.textContent = lasted((Date.now() - call.answered) / 1000);
  }
}, 1000);

// by mouse and by key
document.addEventListener("click", (event) => {
  const sid = event.target.closest("[data-call]")?.dataset.call ?? event.target.closest("[data-only]")?.dataset.only;
  if (sid) choose(sid);
});
byId("all").addEventListener("click", () => { choose(chosen); byId("words").focus(); });
byId("words").addEventListener("input", sift);
byId("alerts-only").addEventListener("change", sift);
byId("filter").addEventListener("submit", (event) => event.preventDefault());

function step(by) {
  const shown = [...log.querySelectorAll("li:not([hidden]) > details > summary")];
  const at = shown.indexOf(document.activeElement?.closest("#log > li")?.querySelector("summary"));
  shown[Math.min(Math.max(at + by, 0), shown.length - 1)]?.focus();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    byId("words").value = "";
    byId("alerts-only").checked = false;
    chosen ? choose(chosen) : sift();
  } else if (event.target === byId("words")) {
    return;
  } else if (event.key === "/") {
    event.preventDefault();
    byId("words").focus();
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  }
});
drawNumbers();
