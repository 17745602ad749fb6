// The criteria of the screening: added, reworded, retired and reinstated by forms; each change is a row.
"use strict";

const { find, make, showText, showPlain, button, ask, send, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["n", "new criterion"],
  ["j  k", "next, previous"],
  ["e", "reword the chosen one"],
  ["d", "retire it, or take it into use again"],
  ["u", "undo the last change"],
  ["?", "these keys"],
];
const KINDS = { inclusion: "Include a candidate if", exclusion: "Exclude it if", retrieval: "It could not be retrieved" };
const take = makeLine();
let state;
let current = "";

const listShown = () => state.kinds.flatMap((kind) => state.criteria.filter((one) => one.kind === kind));
const chosen = () => state.criteria.find((one) => one.criterion_id === current) ?? null;

function drawEarlier(row) {
  const said = [row.decided_at.slice(0, 10), row.decided_by, row.status === "retired" ? "retired" : ""].filter(Boolean).join(" · ");
  return make("li", {}, showText(row.name), row.definition ? [": ", showText(row.definition)] : "", said ? ` (${showPlain(said)})` : "");
}

function drawItem(one) {
  const isCurrent = one.criterion_id === current, isRetired = one.status === "retired";
  const facts = [isRetired ? "retired" : "", one.decided_by, one.decided_at.slice(0, 10), one.reason].filter(Boolean).join(" · ");
  return make("article", { class: `item${isCurrent ? " current" : ""}`, "data-id": one.criterion_id, "aria-current": isCurrent ? "true" : null },
    make("h3", {}, make("button", { type: "button", "data-do": "choose" }, `${one.criterion_id} `, showText(one.name))),
    one.definition ? make("p", {}, showText(one.definition)) : null, facts ? make("p", { class: "facts" }, showText(facts)) : null,
    one.earlier.length ? make("details", {}, make("summary", {}, "As it was worded before"), make("ul", {}, one.earlier.map(drawEarlier))) : null,
    make("p", { class: "buttons" }, button("edit", "Reword", "e"), button("turn", isRetired ? "Use again" : "Retire", "d")));
}

function draw() {
  find("items").replaceChildren(...state.kinds.flatMap((kind) => {
    const rows = state.criteria.filter((one) => one.kind === kind);
    return rows.length ? [make("h2", { class: "group" }, KINDS[kind]), ...rows.map(drawItem)] : [];
  }));
  if (!state.criteria.length) find("items").append(make("p", { class: "soft" }, "No criteria yet. An exclusion names the criterion that it rests on, so write them before the screening."));
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
  const ids = listShown().map((one) => one.criterion_id);
  if (ids.length) choose(ids[Math.min(Math.max(ids.indexOf(current) + step, 0), ids.length - 1)]);
}

async function load() {
  const found = await ask("criteria");
  if (found) state = found;
  if (found) draw();
  return found;
}

function decide(decision, describe) {
  return take(async () => {
    const answer = await send("criteria", { ...decision, version: state.version }, { showAnew: load, describe: (body) => describe(body.criterion_id) });
    if (!answer) return null;
    state = answer;
    choose(answer.criterion_id);
    return answer;
  });
}

function edit(one) {
  return window.forms.open({
    title: one ? `Criterion ${one.criterion_id}` : "New criterion",
    note: one ? "What was decided by it so far was decided by the wording before, which stays in the table." : "",
    fields: [{ name: "criterion_kind", label: "What it decides on", kind: "radio", options: state.kinds.map((kind) => [kind, kind]) },
      { name: "name", label: "Short name: the reason in the PRISMA diagram" }, { name: "definition", label: "When it is met", kind: "area" },
      { name: "reason", label: "Why", kind: "area", rows: 2 }],
    values: one ? { criterion_kind: one.kind, name: one.name, definition: one.definition } : { criterion_kind: "exclusion" },
    save: (values) => decide({ kind: "save", criterion_id: one?.criterion_id ?? "", ...values }, (id) => `criterion ${id}`),
  });
}

function turn() {
  const one = chosen();
  if (!one) return null;
  const [kind, title] = one.status === "retired" ? ["reinstate", "Use again"] : ["retire", "Retire"];
  return window.forms.open({
    title: `${title}: ${one.criterion_id} ${showPlain(one.name)}`, fields: [{ name: "reason", label: "Why", kind: "area", rows: 2 }],
    save: (values) => decide({ kind, criterion_id: one.criterion_id, ...values }, (id) => `${id} is ${kind === "retire" ? "retired" : "in use"}`),
  });
}

const DO = {
  undo: () => { if (state?.can_undo) decide({ kind: "undo" }, (id) => `${id} as before`); },
  keys: () => open("keys"), close: () => openDialog().close(), "save-form": () => window.forms.save(),
  new: () => edit(null), edit: () => { if (chosen()) edit(chosen()); }, turn, choose: (one) => choose(one.closest(".item").dataset.id),
};
const PRESSED = { n: DO.new, e: DO.edit, d: turn, u: DO.undo, j: () => go(1), k: () => go(-1), "?": DO.keys };

async function start() {
  if (!(await load())) return;
  setPerson(state.person);
  listKeys(KEYS);
  find("study").append(...showText(state.title));
  find("who").textContent = `editor ${showPlain(state.person)}`;
  document.title = `Criteria · ${showPlain(state.title)}`;
  document.addEventListener("keydown", (event) => {
    if (openDialog() || event.ctrlKey || event.metaKey || event.altKey || !PRESSED[event.key]) return;
    event.preventDefault();
    PRESSED[event.key]();
  });
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-do]");
    if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
  });
}

start();
