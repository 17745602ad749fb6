// Settling readings: what readers found, side by side, and the reading that is final.
"use strict";

const { find, make, showText, showPlain, keep, ask, send, open } = window.desk;
const { listen, READING } = window.candidate;
const { KEYS, show: showPair, nameReading, more } = window.claims;
const MORE = [
  ["u  or  Ctrl+Z", "undo your last settlement"],
  ["h", "show or hide who read what"],
  ["j  k", "read on, read back"],
  ["l", "open the live page"],
  ["?", "these keys"],
];

let state = null; // what is left, what can be undone, the pair that is shown
let isBusy = false; // while a settlement is saved the next place is not seen yet, so no key decides on it
let isNamed = keep((store) => store.getItem("names")) === "yes";

const drawSide = (one, i) => make("section", { class: "side", "aria-label": `Reading ${i + 1}` },
  make("p", { class: "soft" }, one.reader ? showText(one.reader) : `Reader ${i + 1}`),
  make("p", { class: "verdict" }, nameReading(one)),
  make("p", { dir: "auto" }, one.reason ? showText(one.reason) : make("span", { class: "soft" }, "no reason")));

function drawState() {
  const one = state.pair;
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  document.querySelector("[data-do=names]").setAttribute("aria-pressed", String(isNamed));
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} settled`;
  find("sides").replaceChildren(...(one ? one.sides.map(drawSide) : []));
  showPair(one, "Nothing is left to settle.", `${showPlain(state.person)} settles`);
}

const names = () => (isNamed ? "?names=yes" : "");

async function show() {
  const found = await ask(`next${names()}`);
  if (!found) return null;
  state = found;
  drawState();
  return found;
}

async function decide(decision, about = state?.pair) {
  if (!about || isBusy) return;
  isBusy = true;
  const named = { claim_id: about.claim_id, coding_id: about.coding_id, version: about.version };
  const where = `${about.claim_id} at ${about.coding_id}`;
  const answer = await send(`pairs${names()}`, { ...decision, ...named }, {
    showAnew: show,
    describe: (body) => (decision.kind === "undo" ? `undone: ${where}` : `${nameReading(body.saved)}: ${where}`),
  });
  isBusy = false;
  if (!answer) return;
  state = answer;
  drawState();
}

const settle = (reading) => decide({ kind: reading, note: find("note").value });
const DOES = {
  read: (element) => settle(element.dataset.reading),
  undo: () => { if (state?.undo) decide({ kind: "undo" }, state.undo); },
  names: () => {
    isNamed = !isNamed;
    keep((store) => store.setItem("names", isNamed ? "yes" : "no"));
    show();
  },
  more,
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { ...READING, c: () => {}, m: more, s: () => settle("supports"), p: () => settle("partly"), a: () => settle("against"), o: () => settle("not_about"),
  u: DOES.undo, h: DOES.names, "?": DOES.keys };

async function start() {
  window.desk.listKeys([...KEYS, ...MORE]);
  listen(DOES, PRESSED, []);
  const found = await show();
  if (!found) return;
  window.desk.setPerson(found.person);
  find("study").append(...showText(found.title));
  find("who").textContent = `adjudicator ${found.person}`;
}

start();
