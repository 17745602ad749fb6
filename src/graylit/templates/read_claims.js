// The page on which claims are checked: one claim and one place at a time, read by one key.
"use strict";

const { find, make, showText, showPlain, button, ask, send, open } = window.desk;
const { listen, READING } = window.candidate;
const { KEYS, show: showPair, nameReading, more } = window.claims;
const MORE = [
  ["u  or  Ctrl+Z", "undo your last reading"],
  ["g", "go on to the next place that is left"],
  ["j  k", "read on, read back"],
  ["l", "open the live page"],
  ["?", "these keys"],
];

let study; // who reads
let state = null; // what is left, what can be undone, the pair that is shown
let isBusy = false; // while a reading is saved the next place is not seen yet, so no key decides on it

function drawOwn(one) {
  const own = one.decided;
  if (!own) return "";
  const when = own.is_of_now ? "You read it as " : "When the claim had other words, you read it as ";
  return make("p", { class: "own" }, when, make("strong", {}, nameReading(own)), own.reason ? [" · ", ...showText(own.reason)] : "",
    own.is_of_now ? [". Read it again to change it, or ", button("next", "go on", "g", { class: "plain" }), "."] : ". Read it against the claim as it is now.");
}

function drawRecent(rows) {
  const list = rows.map((row) => make("li", {}, make("button", { type: "button", "data-do": "show", "data-claim": row.claim_id, "data-coding": row.coding_id },
    make("span", { class: "verdict" }, nameReading(row)), make("span", {}, `${row.claim_id} · ${row.coding_id}`))));
  find("recent").replaceChildren(...(rows.length ? [make("h2", {}, "Your last readings"), make("ul", {}, list)] : []));
}

function drawState() {
  const one = state.pair;
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} read`;
  drawRecent(state.recent);
  showPair(one, state.n_done ? "You have read every place." : "There is no claim to check yet.", `${showPlain(study.person)} reads`);
  if (one) find("pair").append(drawOwn(one));
}

async function show(path) {
  const found = await ask(path);
  if (!found) return;
  state = found;
  drawState();
}

const showOne = (claim, coding) => show(`pairs?claim=${encodeURIComponent(claim)}&coding=${encodeURIComponent(coding)}`);

async function decide(decision, about = state?.pair) {
  if (!about || isBusy) return;
  isBusy = true;
  const named = { claim_id: about.claim_id, coding_id: about.coding_id, version: about.version };
  const where = `${about.claim_id} at ${about.coding_id}`;
  const answer = await send("pairs", { ...decision, ...named }, {
    showAnew: () => showOne(about.claim_id, about.coding_id),
    describe: (body) => (decision.kind === "undo" ? `undone: ${where}` : `${nameReading(body.saved)}: ${where}`),
  });
  isBusy = false;
  if (!answer) return;
  state = answer;
  drawState();
}

const read = (reading) => decide({ kind: reading, note: find("note").value });
const DOES = {
  read: (element) => read(element.dataset.reading),
  undo: () => { if (state?.undo) decide({ kind: "undo" }, state.undo); },
  show: (element) => showOne(element.dataset.claim, element.dataset.coding),
  next: () => show("next"),
  more,
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { ...READING, c: () => {}, m: more, s: () => read("supports"), p: () => read("partly"), a: () => read("against"), o: () => read("not_about"),
  u: DOES.undo, g: DOES.next, "?": DOES.keys };

async function start() {
  study = await ask("study");
  if (!study) return;
  window.desk.setPerson(study.person);
  find("study").append(...showText(study.title));
  find("who").textContent = `reader ${study.person}`;
  window.desk.listKeys([...KEYS, ...MORE]);
  listen(DOES, PRESSED, []);
  await show("next");
}

start();
