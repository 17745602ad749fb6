// Describing sources: who publishes each, of which kind it is and when it appeared, if no search said so.
"use strict";

const { find, make, showText, showPlain, button, ask, send, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["j  k", "next, previous source"],
  ["e", "say what the chosen one is"],
  ["n", "the next one of which something is missing"],
  ["l", "open the live page"],
  ["u", "undo the last change"],
  ["?", "these keys"],
];
const LABELS = { title: "Title", publisher: "Publisher", source_type: "Kind", published: "Published", licence: "Licence" };
const take = makeLine();
let state;
let current = "";

const chosen = () => state.sources.find((one) => one.source_id === current) ?? null;
const labelOf = (name) => LABELS[name] ?? name.replaceAll("_", " ");

function drawItem(one) {
  const isCurrent = one.source_id === current;
  const facts = state.fields.map(([name]) => name).filter((name) => name !== "title" && one.cells[name])
    .map((name) => make("span", {}, `${labelOf(name)}: `, showText(one.cells[name]), " · "));
  return make("article", { class: `item${isCurrent ? " current" : ""}`, "data-id": one.source_id, "aria-current": isCurrent ? "true" : null },
    make("h3", {}, make("button", { type: "button", "data-do": "choose" }, `${one.source_id} `, showText(one.cells.title))),
    make("p", { class: "facts" }, facts, one.url ? make("a", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, "live page") : null),
    one.lacks ? make("p", { class: "weak" }, "Its publisher or its kind is not stated yet.") : null,
    make("p", { class: "buttons" }, button("edit", "Say what it is", "e")));
}

function draw() {
  find("items").replaceChildren(...state.sources.map(drawItem));
  const n = state.sources.filter((one) => one.lacks).length;
  find("total").textContent = n ? `${n} of ${state.sources.length} sources lack something.` : "Nothing is missing.";
  document.querySelector("[data-do=undo]").disabled = !state.can_undo;
}

function choose(id) {
  current = id;
  draw();
  const element = document.querySelector(".item.current");
  element?.scrollIntoView({ block: "nearest" });
  element?.querySelector("h3 button").focus({ preventScroll: true });
}

function go(step) {
  const ids = state.sources.map((one) => one.source_id);
  if (ids.length) choose(ids[Math.min(Math.max(ids.indexOf(current) + step, 0), ids.length - 1)]);
}

function goOn() {
  const at = state.sources.findIndex((one) => one.source_id === current);
  const next = [...state.sources.slice(at + 1), ...state.sources.slice(0, at + 1)].find((one) => one.lacks);
  if (next) choose(next.source_id);
}

async function load() {
  const found = await ask("sources");
  if (!found) return null;
  state = found;
  draw();
  return found;
}

function decide(decision, describe) {
  return take(async () => {
    const answer = await send("sources", { ...decision, version: state.version }, { showAnew: load, describe: (body) => describe(body.source_id) });
    if (!answer) return null;
    state = answer;
    choose(answer.source_id);
    return answer;
  });
}

// A cell that says that nothing was stated is shown empty, so that it can be typed into.
function edit() {
  const one = chosen();
  if (!one) return null;
  const known = Object.entries(state.known).filter(([, names]) => names.length).map(([name, names]) => `${labelOf(name)}: ${names.map(showPlain).join(", ")}`);
  return window.forms.open({
    title: `What ${one.source_id} is`,
    note: `Write unknown if nobody knows.${known.length ? ` So far: ${known.join("; ")}.` : ""}`,
    fields: state.fields.map(([name, meaning]) => ({ name: `cell-${name}`, label: `${labelOf(name)}: ${meaning}` })),
    values: Object.fromEntries(Object.entries(one.cells).map(([name, cell]) => [`cell-${name}`, cell === "not stated" ? "" : cell])),
    save: (values) => decide({ kind: "save", source_id: one.source_id, ...Object.fromEntries(state.fields.map(([name]) => [name, values[`cell-${name}`]])) }, (id) => `what ${id} is`),
  });
}

const DO = {
  undo: () => { if (state?.can_undo) decide({ kind: "undo" }, (id) => `${id} as before`); },
  keys: () => open("keys"), close: () => openDialog().close(), "save-form": () => window.forms.save(), edit,
  choose: (one) => choose(one.closest(".item").dataset.id),
};
const PRESSED = {
  e: edit, n: goOn, u: DO.undo, j: () => go(1), k: () => go(-1), "?": DO.keys,
  l: () => { if (chosen()?.url) window.open(chosen().url, "_blank", "noopener"); },
};

async function start() {
  if (!(await load())) return;
  setPerson(state.person);
  listKeys(KEYS);
  find("study").append(...showText(state.title));
  find("who").textContent = showPlain(state.person);
  document.title = `Describing sources · ${showPlain(state.title)}`;
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-do]");
    if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
  });
  document.addEventListener("keydown", (event) => {
    if (openDialog() || event.ctrlKey || event.metaKey || event.altKey || !PRESSED[event.key]) return;
    event.preventDefault();
    PRESSED[event.key]();
  });
  choose((state.sources.find((one) => one.lacks) || state.sources[0] || { source_id: "" }).source_id);
}

start();
