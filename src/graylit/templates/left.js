// The first page of the desk: what is left for a person, task by task; before that, who decides.
"use strict";

const { find, make, showText, showPlain, ask, send, setPerson } = window.desk;
const ROLES = { screener: "screens candidates", settler: "settles what others differ on", appraiser: "appraises sources", coder: "codes sources",
  adjudicator: "decides on codings that differ", reader: "reads places against claims, and impacts a second time", sorter: "sorts cards", editor: "edits the criteria and the codebook", synthesizer: "writes guidelines",
  searcher: "searches, and says what sources are" };
const OF_MODELS = { model: "Model", version: "Version", settings: "Settings", prompt_file: "File of the prompt", prompt_sha256: "Its SHA-256", from: "First decision", to: "Last decision" };

let people; // what the form asks
let n_drawn = 0; // forms drawn, so that the choices of each are its own

// What is left ------------------------------------------------------------------------------------------------------

const countLeft = (one) => (one.waits_for ? "not yet" : one.n_left ? `${one.n_left.toLocaleString("en")} of ${(one.n_left + one.n_done).toLocaleString("en")} ${one.things} left` : one.n_done ? "✓ all done" : "nothing yet");
const tellTime = (when) => when.replace("T", " ").replace(/:\d\dZ$/, " UTC");

function drawTask(one) {
  const facts = one.waits_for || [
    one.last_at ? `your last decision ${tellTime(one.last_at)}` : one.since ? `yours since ${tellTime(one.since)}` : "",
  ].filter(Boolean).join(" · ");
  return make("li", {}, make("a", { href: `${one.name}/`, class: one.n_left ? null : "done" },
    make("strong", {}, one.title), make("span", { class: "count" }, countLeft(one)),
    make("span", { class: "facts" }, facts),
    make("progress", { max: Math.max(1, one.n_left + one.n_done), value: one.n_done, "aria-label": `${one.title}: done` })));
}

const tellNothing = (left) => (left.has_role || left.is_read_only
  ? ["Nothing is there to decide yet: your roles begin when there are candidates, sources or codings."]
  : ["You have no role yet, so nothing is yours to decide. ", window.desk.button("roles", "Say what you do here", "", { class: "strong" })]);

async function showLeft() {
  const left = await ask("left");
  if (!left) return;
  setPerson(left.person);
  find("study").replaceChildren(...showText(left.title));
  find("who").textContent = left.is_read_only ? "looking only" : showPlain(left.person);
  document.title = `What is left · ${showPlain(left.title)}`;
  find("heading").textContent = left.is_asking ? "Who decides here?" : left.is_read_only ? "What is left" : "What is left for you";
  find("tasks").replaceChildren(...left.tasks.map(drawTask));
  if (!left.tasks.length && !left.is_asking) find("tasks").append(make("li", { class: "soft" }, ...tellNothing(left)));
  if (!left.is_asking) find("people").hidden = true; // it is shown once it is known whom it asks about
  find("change").hidden = left.is_asking || left.is_read_only;
  find("others").hidden = left.is_asking;
  await showOthers();
  if (left.is_asking) await openForm();
}

// What others have left is asked for when somebody wants to see it: it takes a moment.
async function showOthers() {
  if (!find("others").open) return;
  const found = await ask("others");
  if (!found) return;
  const rows = found.others.map((one) => make("tr", {}, make("th", { scope: "row" }, showText(one.person)), make("td", {}, one.title), make("td", {}, one.told)));
  find("others").querySelector("tbody").replaceChildren(...(rows.length ? rows : [make("tr", {}, make("td", { colspan: "3" }, "Nobody else has a task here."))]));
}

// Who decides -------------------------------------------------------------------------------------------------------

async function openForm() {
  people = await ask("people");
  if (!people) return;
  const isOwn = (one) => one.decider === people.person;
  const listed = [...people.listed.filter(isOwn), ...people.listed.filter((one) => !isOwn(one))];
  const known = listed.map((one) => ({ ...one, tables: [], roles: one.roles.split("; ").filter(Boolean), is_you: isOwn(one) }));
  const isAsking = people.asked.length > 0;
  find("deciders").replaceChildren(...(isAsking ? people.asked : known).map(drawDecider));
  find("listed").hidden = !isAsking || !listed.length;
  find("listed").replaceChildren("Listed already: ", ...listed.flatMap((one, at) => [at ? ", " : "", ...showText(one.decider), one.roles ? ` (${one.roles.replaceAll("; ", ", ")})` : ""]));
  find("people-heading").hidden = isAsking;
  find("people").hidden = false;
  if (!isAsking) find("people").querySelector("input")?.focus();
}

// The fields of one decider; `one.decider` is '' for somebody whose name is still to be typed.
function drawDecider(one) {
  n_drawn += 1;
  const group = `kind-${n_drawn}`;
  const guess = one.kind || (one.tables.length && !one.is_you ? "" : "person");
  const field = (name, label, value) =>
    make("label", {}, make("span", {}, label), make("input", { name, value, autocomplete: "off", spellcheck: "false" }));
  const choose = (value, label) =>
    make("label", {}, make("input", { type: "radio", name: group, value, checked: guess === value, required: true }), ` ${label}`);
  const models = make("div", { class: "of-model", hidden: guess !== "model" },
    people.of_models.map((name) => field(name, OF_MODELS[name], one[name] || people.unknown)));
  const box = make("fieldset", { class: "decider", "data-decider": one.decider },
    make("legend", {}, one.decider ? make("strong", {}, showText(one.decider)) : "Somebody else", one.is_you ? " (you)" : "",
      one.tables.length ? ` stands in ${one.tables.join(", ")}` : ""),
    one.decider ? "" : field("decider", "Name in the tables", ""),
    make("div", { class: "choices" }, choose("person", "a person"), choose("model", "a language model"), choose("unknown", "not known")),
    make("div", { class: "choices" }, people.roles.map((role) => make("label", {},
      make("input", { type: "checkbox", value: role, checked: one.roles.includes(role) }), ` ${role}: ${ROLES[role]}`))),
    models, field("note", "Note", one.note || ""));
  box.addEventListener("change", () => { models.hidden = box.querySelector("[type=radio]:checked")?.value !== "model"; });
  return box;
}

function readDecider(box) {
  const kind = box.querySelector("[type=radio]:checked")?.value ?? "";
  const roles = [...box.querySelectorAll("[type=checkbox]:checked")].map((one) => one.value).join("; ");
  const row = { decider: box.dataset.decider, kind, roles };
  for (const input of box.querySelectorAll("input:not([type])")) {
    if (kind === "model" || !people.of_models.includes(input.name)) row[input.name] = input.value;
  }
  return row;
}

async function savePeople(event) {
  event.preventDefault();
  const rows = [...find("deciders").children].map(readDecider);
  const saved = await send("people", { version: people.version, rows }, { showAnew: openForm, describe: (body) => body.names.join(", ") });
  if (saved) await showLeft();
}

find("people").addEventListener("submit", savePeople);
find("another").addEventListener("click", () => {
  find("deciders").append(drawDecider({ decider: "", tables: [], roles: [] }));
  find("deciders").lastChild.querySelector("input").focus();
});
find("change").addEventListener("click", openForm);
find("tasks").addEventListener("click", (event) => event.target.closest("[data-do=roles]") && openForm());
find("others").addEventListener("toggle", showOthers);
showLeft();
