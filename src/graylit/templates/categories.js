// The card sort and its categories: what sorters put together, cut as one likes, and the form that names categories.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["s", "start the categories from the cut that is shown"],
  ["a", "another category"],
  ["Ctrl+Enter", "save the categories"],
  ["u", "undo the last saving"],
  ["?", "these keys"],
];
const FREE = "";
const SVG = "http://www.w3.org/2000/svg";
const take = makeLine();
let state = null; // what the server said last
let groups = []; // the categories of the form: category_id, name, description, cards
let isTouched = false; // whether the form is not what is saved

const figure = (value) => (value === null ? "–" : value.toFixed(2));
const percent = (value) => (value === null ? "–" : `${Math.round(100 * value)} %`);

// What sorters put together -----------------------------------------------------------------------------------------

function makeDrawn(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children);
  return element;
}

function drawTree(drawing) {
  const tree = find("tree");
  tree.setAttribute("viewBox", `0 0 ${drawing.width} ${drawing.height}`);
  const labels = drawing.labels.map((leaf) => makeDrawn("text", { x: leaf.x, y: leaf.y, dy: 4, "text-anchor": "end" },
    makeDrawn("title", {}, showPlain(leaf.words)), showPlain(leaf.label)));
  const paths = drawing.paths.map((path) => makeDrawn("path", { d: path.d, class: path.is_within ? "line" : "apart" }));
  const ends = [drawing.ticks[0].x, drawing.ticks.at(-1).x];
  const ticks = drawing.ticks.map((tick) => makeDrawn("text", { class: "tick", x: tick.x, y: drawing.bottom + 22, "text-anchor": "middle" }, tick.label));
  tree.replaceChildren(...labels, ...paths, makeDrawn("path", { class: "axis", d: `M${ends[0]} ${drawing.bottom + 6}H${ends[1]}` }), ...ticks,
    makeDrawn("text", { class: "tick", x: ends[1], y: drawing.bottom + 38, "text-anchor": "end" }, "mean distance"));
}

function tellFit(card) {
  if (!card.is_misfit) return null;
  return make("span", { class: "weak" }, ` with its own for ${percent(card.share_own)} of the sorters, with cluster ${card.nearest_cluster} for ${percent(card.share_nearest)}`);
}

function drawCluster(one) {
  const cards = one.cards.map((card) => make("li", {}, `${card.guideline_id} `, showText(card.name), tellFit(card)));
  const piles = one.piles.map((pile) => make("div", {}, showText(pile.sorter), ": ", showText(pile.pile), ` (${pile.n} of ${one.cards.length})`));
  return make("section", { class: "cluster", "aria-label": `Cluster ${one.cluster}` }, make("h3", {}, `Cluster ${one.cluster}`), make("ul", {}, cards),
    make("div", { class: "piles" }, "Where sorters put most of them:", piles));
}

function drawAnalysis() {
  const { analysis } = state;
  find("waits").textContent = state.waits_for ? `The analysis ${state.waits_for}.` : analysis ? "" : "Nobody has sorted cards yet.";
  find("analysis").hidden = !analysis;
  if (!analysis) return;
  const misfits = analysis.clusters.flatMap((one) => one.cards).filter((card) => card.is_misfit);
  const rule = analysis.is_stated ? "The config states how many clusters are taken" : "The number of clusters is that with the highest mean silhouette, of equal ones the smaller";
  find("summary").textContent = `${analysis.n_sorters} ${analysis.n_sorters === 1 ? "sorter" : "sorters"}, ${analysis.n_cards} cards. ${rule}. ` +
    (misfits.length ? `${misfits.length} ${misfits.length === 1 ? "card is" : "cards are"} more often with another cluster than with their own.` : "No card is more often with another cluster than with its own.");
  const cuts = analysis.cuts.map((cut) => make("option", { value: cut.n_clusters, selected: cut.n_clusters === analysis.n_clusters }, `${cut.n_clusters} clusters (silhouette ${figure(cut.silhouette)})`));
  find("cut").replaceChildren(...cuts);
  find("cut").disabled = !cuts.length;
  find("start").hidden = !state.can_name || !analysis.clusters.length;
  if (analysis.drawing) drawTree(analysis.drawing);
  find("clusters").replaceChildren(...analysis.clusters.map(drawCluster));
  find("pairs").hidden = !analysis.agreement.length;
  find("pairs").querySelector("tbody").replaceChildren(...analysis.agreement.map((pair) => make("tr", {}, make("th", { scope: "row" }, showText(pair.sorter)),
    make("td", {}, showText(pair.other_sorter)), make("td", { class: "n" }, figure(pair.rand)))));
}

async function recut() {
  const found = await ask(`analysis?clusters=${find("cut").value}`);
  if (!found) return;
  state.analysis = found.analysis;
  drawAnalysis();
}

// Categories --------------------------------------------------------------------------------------------------------

const listFree = () => Object.keys(state.cards).filter((card) => !groups.some((group) => group.cards.includes(card)));
const nameGroup = (group, at) => (group.name ? showPlain(group.name) : `category ${at + 1}`);

function drawCard(card, from) {
  const places = groups.map((group, at) => make("option", { value: String(at), selected: at === from }, nameGroup(group, at)));
  const select = make("select", { "data-card": card, "aria-label": `Category of ${card}` }, ...places, make("option", { value: FREE, selected: from === null }, "none"));
  return make("li", {}, make("span", {}, `${card} `, showText(state.cards[card])), state.can_name ? select : null);
}

function drawGroup(group, at) {
  const field = (name, label, value, tag) => make("label", {}, label, make(tag, { "data-group": at, "data-field": name, ...(tag === "input" ? { value } : { rows: 2 }) }, tag === "textarea" ? value : ""));
  const fields = state.can_name
    ? [field("name", `Name of category ${at + 1}`, group.name, "input"), field("description", "What its guidelines have in common", group.description, "textarea")]
    : [make("h3", {}, showText(group.name)), group.description ? make("p", {}, showText(group.description)) : null];
  return make("section", { class: "group", "aria-label": `Category ${at + 1}` }, fields, make("ul", {}, group.cards.map((card) => drawCard(card, at))));
}

function nameChoices() {
  for (const option of find("groups").querySelectorAll("option")) {
    if (option.value !== FREE) option.textContent = nameGroup(groups[Number(option.value)], Number(option.value));
  }
}

function drawGroups() {
  const free = listFree();
  const rest = free.length ? [make("section", { class: "group", "aria-label": "In no category" }, make("h3", {}, "In no category"), make("ul", {}, free.map((card) => drawCard(card, null))))] : [];
  find("groups").replaceChildren(...groups.map(drawGroup), ...rest);
  find("does").hidden = !state.can_name;
  document.querySelector('[data-do="undo"]').disabled = !state.can_undo;
  const n = state.groups.length;
  find("state").textContent = isTouched ? "Not saved yet." : `${n} ${n === 1 ? "category is" : "categories are"} in force.`;
}

function touch() {
  isTouched = true;
  find("state").textContent = "Not saved yet.";
}

function takeOver(found) {
  state = found;
  groups = found.groups.map((group) => ({ ...group, cards: [...group.guideline_ids] }));
  isTouched = false;
  drawAnalysis();
  drawGroups();
}

function start() {
  if (!state.can_name || !state.analysis || !state.analysis.clusters.length) return;
  // A cluster keeps the category that most of its cards are in, if no other cluster has more of them.
  const old = state.groups;
  const shared = (cards, group) => cards.filter((card) => group.guideline_ids.includes(card)).length;
  const taken = new Set();
  groups = state.analysis.clusters.map((one) => {
    const cards = one.cards.map((card) => card.guideline_id);
    const best = old.filter((group) => !taken.has(group.category_id) && shared(cards, group) > 0).sort((a, b) => shared(cards, b) - shared(cards, a))[0];
    const keeps = best && shared(cards, best) * 2 > Math.max(cards.length, best.guideline_ids.length) ? best : null;
    if (keeps) taken.add(keeps.category_id);
    return { category_id: keeps ? keeps.category_id : "", name: keeps ? keeps.name : "", description: keeps ? keeps.description : "", cards };
  });
  touch();
  drawGroups();
  const first = document.querySelector('[data-field="name"]');
  if (first) first.focus();
}

function add() {
  if (!state.can_name) return;
  groups.push({ category_id: "", name: "", description: "", cards: [] });
  touch();
  drawGroups();
  document.querySelector(`[data-field="name"][data-group="${groups.length - 1}"]`).focus();
}

function move(card, to) {
  groups = groups.map((group) => ({ ...group, cards: group.cards.filter((one) => one !== card) }));
  if (to !== FREE) groups[Number(to)].cards.push(card);
  touch();
  drawGroups();
}

async function showAnew() {
  const found = await ask("analysis");
  if (found) takeOver(found);
}

function decide(decision, describe) {
  return take(async () => {
    const found = await send("groups", { ...decision, version: state.version }, { showAnew, describe });
    if (!found) return null;
    takeOver(found);
    return found;
  });
}

// A category without cards and without a name is none.
function save() {
  if (!state.can_name) return null;
  const said = groups.filter((group) => group.cards.length || group.name.trim()).map(({ category_id, name, description, cards }) =>
    ({ category_id, name: name.trim(), description: description.trim(), guideline_ids: cards }));
  return decide({ kind: "save", groups: said }, (found) => `${found.groups.length} ${found.groups.length === 1 ? "category" : "categories"}`);
}

const DO = {
  start, add, save, undo: () => (state.can_undo ? decide({ kind: "undo" }, () => "the categories are as they were before") : null),
  keys: () => open("keys"), close: () => openDialog().close(),
};
const PRESSED = { s: start, a: add, u: DO.undo, "?": DO.keys };

document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-do]");
  if (one && DO[one.dataset.do]) DO[one.dataset.do]();
});
document.addEventListener("keydown", (event) => {
  if (openDialog() || !state) return;
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    save();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (!PRESSED[event.key]) return;
  event.preventDefault();
  PRESSED[event.key]();
});
document.addEventListener("input", (event) => {
  const { group, field } = event.target.dataset;
  if (field === undefined) return;
  groups[Number(group)][field] = event.target.value;
  touch();
});
document.addEventListener("change", (event) => {
  if (event.target.id === "cut") recut();
  else if (event.target.dataset.card) move(event.target.dataset.card, event.target.value);
  else if (event.target.dataset.field === "name") nameChoices();
});

async function begin() {
  const found = await ask("analysis");
  if (!found) return;
  setPerson(found.person);
  listKeys(KEYS);
  find("study").append(...showText(found.title));
  find("who").textContent = found.person ? showPlain(found.person) : "looking only";
  document.title = `Categories · ${showPlain(found.title)}`;
  takeOver(found);
}

begin();
