// The settling page: decisions that differ, side by side, and the one that is final.
"use strict";

const { find, make, showText, showPlain, keep, ask, send, open } = window.desk;
const { draw, showPage, drawCriteria, listen, READING, nameDecision } = window.candidate;
const KEYS = [
  ["i", "include"],
  ["1 … 9, 0", "exclude by the first, … tenth criterion"],
  ["n", "a note, saved with the settlement; Esc leaves it"],
  ["u  or  Ctrl+Z", "undo your last settlement"],
  ["h", "show or hide who decided what"],
  ["j  k", "read on, read back"],
  ["l", "open the live page"],
  ["c", "have the page captured, if it was not"],
  ["?", "these keys"],
];

let study; // criteria, and who settles
let state = null; // what is left, what can be undone, the candidate that is shown
let isBusy = false; // while a decision is saved the next candidate is not seen yet, so no key decides on it
let isNamed = keep((store) => store.getItem("names")) === "yes";

function drawSide(one, i) {
  const criterion = study.criteria.find((known) => known.criterion_id === one.criterion_id);
  return make("section", { class: "side", "aria-label": `Decision ${i + 1}` },
    make("p", { class: "soft" }, one.screener ? showText(one.screener) : `Screener ${i + 1}`),
    make("p", { class: "verdict" }, nameDecision(one), criterion ? [" ", showText(criterion.name)] : ""),
    make("p", { dir: "auto" }, one.reason ? showText(one.reason) : make("span", { class: "soft" }, "no note")));
}

function drawState() {
  const one = state.candidate;
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  document.querySelector("[data-do=names]").setAttribute("aria-pressed", String(isNamed));
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} settled`;
  for (const element of document.querySelectorAll(".verdicts button, .criterion")) element.disabled = !one;
  if (!one) {
    find("candidate").replaceChildren(make("h1", {}, "Nothing is left to settle."), make("p", {}, make("a", { href: "../" }, "What is left for you")));
    find("text").replaceChildren();
    return;
  }
  const [title, facts, address, ...rest] = draw(one); // the decisions come after what is decided on, before its words
  find("candidate").replaceChildren(title, facts, address, make("div", { id: "sides", class: "sides" }, one.sides.map(drawSide)), ...rest);
  find("note").value = "";
  find("content").scrollTop = 0;
  find("content").focus({ preventScroll: true });
  document.title = `${one.candidate_id} · ${showPlain(study.person)} settles`;
  showPage(one);
}

const names = () => (isNamed ? "?names=yes" : "");

async function show() {
  const found = await ask(`next${names()}`);
  if (!found) return;
  state = found;
  drawState();
}

async function decide(decision, about = state?.candidate) {
  if (!about || isBusy) return;
  isBusy = true;
  const answer = await send(`candidates/${encodeURIComponent(about.candidate_id)}${names()}`, { ...decision, version: about.version }, {
    showAnew: show,
    describe: (body) => (decision.kind === "undo" ? `undone on ${about.candidate_id}` : `${nameDecision(body.saved)} on ${about.candidate_id}`),
  });
  isBusy = false;
  if (!answer) return;
  state = answer;
  drawState();
}

const note = () => find("note").value;
const DOES = {
  include: () => decide({ kind: "include", note: note() }),
  exclude: (element) => decide({ kind: "exclude", criterion_id: element.dataset.criterion, note: note() }),
  undo: () => { if (state?.undo) decide({ kind: "undo" }, state.undo); },
  names: () => {
    isNamed = !isNamed;
    keep((store) => store.setItem("names", isNamed ? "yes" : "no"));
    show();
  },
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { ...READING, i: DOES.include, u: DOES.undo, h: DOES.names, "?": DOES.keys };

async function start() {
  study = await ask("study");
  if (!study) return;
  window.desk.setPerson(study.person);
  find("study").append(...showText(study.title));
  find("who").textContent = `settler ${study.person}`;
  window.desk.listKeys(KEYS);
  listen(DOES, PRESSED, drawCriteria(study.criteria));
  await show();
}

start();
