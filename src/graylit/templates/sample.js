// The page on which a sample is coded: one passage at a time, the codes that fit it, or none.
"use strict";

const { find, make, showText, showPlain, button, ask, send, open } = window.desk;
const { listen, READING } = window.candidate;
const KEYS = [
  ["c", "give a code: type a part of its name, then Enter"],
  ["1 … 9, 0", "give or take away one of the first ten codes"],
  ["x", "take the last code away"],
  ["Enter", "save these codes and go on; without any, no code fits"],
  ["u  or  Ctrl+Z", "undo your last decision"],
  ["j  k", "read on, read back"],
  ["?", "these keys"],
];

let study; // who codes, and the codebook
let state = null; // what is left, what can be undone, the passage that is shown
let given = []; // codes that are to be saved
let isBusy = false;

const nameCode = (id) => study.codes.find((code) => code.code_id === id)?.name ?? "";

function drawGiven() {
  const list = given.map((id) => make("li", {}, button("take", `${id} ${showPlain(nameCode(id))}`, "", { "data-code": id, "aria-label": `take ${id} away` })));
  find("given").replaceChildren(make("h2", {}, given.length ? "These codes fit" : "No code fits"),
    given.length ? make("ul", { class: "earlier" }, list) : make("p", { class: "soft" }, "Save as it is, or give the codes that fit."));
}

function drawPassage(one) {
  const facts = [one.publisher, one.source_type, one.published].filter(Boolean);
  return [make("h1", { class: "claim", dir: "auto" }, showText(one.title)),
    make("p", { class: "facts" }, facts.map((fact) => make("span", { dir: "auto" }, showText(fact)))),
    one.headings.length ? make("p", { class: "headings", dir: "auto" }, showText(one.headings.join(" › "))) : "",
    make("section", { class: `context ${one.kind}`, "aria-label": "Passage" }, make("p", { dir: "auto" }, showText(one.words)))];
}

function drawState() {
  const one = state.segment;
  given = one?.given ?? [];
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  for (const what of ["choose", "save"]) document.querySelector(`[data-do=${what}]`).disabled = !one;
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} coded`;
  find("passage").replaceChildren(...(one ? drawPassage(one) : [make("h1", {}, "You have coded the whole sample."), make("p", {}, make("a", { href: "../" }, "What is left for you"))]));
  drawGiven();
  find("content").scrollTop = 0;
  find("content").focus({ preventScroll: true });
  if (one) document.title = `${one.segment_id} · ${showPlain(study.person)} codes the sample`;
}

async function show(path) {
  const found = await ask(path);
  if (!found) return;
  state = found;
  drawState();
}

async function decide(decision, about) {
  if (!about || isBusy) return;
  isBusy = true;
  const answer = await send("segments", { ...decision, segment_id: about.segment_id, version: about.version }, {
    showAnew: () => show(`next?segment=${encodeURIComponent(about.segment_id)}`),
    describe: ({ saved }) => `${saved.segment_id}: ${saved.code_ids === null ? "undone" : saved.code_ids.join(", ") || "no code fits"}`,
  });
  isBusy = false;
  if (!answer) return;
  state = answer;
  drawState();
}

function toggle(id) {
  if (!state?.segment || !id) return;
  given = given.includes(id) ? given.filter((one) => one !== id) : [...given, id];
  drawGiven();
}

const DOES = {
  choose: () => { if (state?.segment) window.place.ask(study.codes, "Give a code", (id) => { if (!given.includes(id)) toggle(id); }); },
  take: (element) => { toggle(element.dataset.code); find("content").focus(); },
  save: () => decide({ kind: "code", code_ids: given.join("; ") }, state?.segment),
  undo: () => decide({ kind: "undo" }, state?.undo),
  exclude: (element) => toggle(element.dataset.criterion), // digits: the shared keys of candidates call it so
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { j: READING.j, k: READING.k, c: DOES.choose, x: () => toggle(given.at(-1)), u: DOES.undo, Enter: DOES.save, "?": DOES.keys };

async function start() {
  study = await ask("study");
  if (!study) return;
  window.desk.setPerson(study.person);
  find("study").append(...showText(study.title));
  find("who").textContent = `coder ${study.person}`;
  window.desk.listKeys(KEYS);
  listen(DOES, PRESSED, study.codes.slice(0, 10).map((code) => code.code_id));
  await show("next");
}

start();
