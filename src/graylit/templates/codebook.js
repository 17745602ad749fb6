// The codebook: codes are made, worded anew, merged, split and retired by forms; how many codings each touches is said first.
"use strict";

const { find, make, showText, showPlain, button, ask, send, open, openDialog, setPerson, listKeys } = window.desk;
const KEYS = [
  ["j  k", "next code, code before"],
  ["/", "find a code; Enter or Esc leaves"],
  ["n", "a new code"],
  ["e", "change the name or the words of the chosen code"],
  ["m", "merge it into another one"],
  ["s", "split it into several"],
  ["x", "retire it"],
  ["t", "take up a code that a coder made while reading"],
  ["u  or  Ctrl+Z", "undo your last change"],
  ["?", "these keys"],
];
const FIELDS = [["name", "Name", 1], ["definition", "Definition: what it means", 3], ["include_when", "Give it when", 2], ["exclude_when", "Do not give it when", 2]];
const NAMES = { new: "A new code", reword: "Change", merge: "Merge", split: "Split", retire: "Retire" };

let book; // the codebook as the server last told it
let chosen = ""; // the code that is shown
let form = null; // what the form is about: {kind, code, into, parts}

const codeOf = (id) => book.codes.find((one) => one.code_id === id);
const countAll = (one) => Object.values(one.counts).reduce((sum, n) => sum + n, 0);
const tellTime = (when) => when.replace("T", " ").replace(/:\d\dZ$/, " UTC");

function listShown() {
  const wanted = find("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  return book.codes.filter((one) => wanted.every((word) => `${one.code_id} ${one.name} ${one.definition}`.toLowerCase().includes(word)));
}

function draw() {
  const shown = listShown();
  if (!shown.some((one) => one.code_id === chosen)) chosen = shown[0]?.code_id ?? "";
  find("codes").replaceChildren(...shown.map((one) => make("li", {}, make("button", { type: "button", "data-do": "choose", "data-code": one.code_id, "aria-pressed": String(one.code_id === chosen) },
    make("span", { class: one.status === "retired" ? "retired" : null }, make("strong", {}, `${one.code_id} `), showText(one.name),
      one.status === "retired" ? " (retired)" : "", one.is_untaken ? make("span", { class: "weak" }, " new") : ""),
    make("span", { class: "count" }, String(countAll(one)))))));
  const active = book.codes.filter((one) => one.status === "active");
  const untaken = active.filter((one) => one.is_untaken).length;
  find("total").textContent = `${graylit.countThings(active.length, "code")} in use${untaken ? `; ${untaken} made by coders while reading` : ""}` +
    (book.sees_all ? ". Numbers are codings in force." : ". Numbers are your own codings in force: you code, and coding still goes on.");
  document.querySelector("[data-do=undo]").disabled = !book.undo;
  find("codes").querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
  drawCode();
}

function tellCounts(one) {
  const parts = Object.entries(one.counts).map(([coder, n]) => `${graylit.countThings(n, "coding")} of ${showPlain(coder)}`);
  return parts.length ? parts.join(", ") : "no coding";
}

function drawCode() {
  const one = codeOf(chosen);
  if (!one) return find("code").replaceChildren(make("p", {}, book.codes.length ? "No code matches." : "The codebook has no code yet."));
  const part = (title, words) => (words ? [make("h3", {}, title), make("p", { dir: "auto" }, showText(words))] : []);
  const isActive = one.status === "active";
  find("code").replaceChildren(make("h2", {}, `${one.code_id} `, showText(one.name)),
    make("p", { class: "soft" }, tellCounts(one), isActive ? "" : `; retired${one.replaced_by ? `, replaced by ${one.replaced_by}` : ""}`),
    isActive ? make("div", { class: "changes" }, one.is_untaken ? button("take_up", "Take it up", "t", { class: "strong" }) : "", button("reword", "Change", "e"),
      button("merge", "Merge", "m"), button("split", "Split", "s"), button("retire", "Retire", "x")) : "",
    ...part("Definition", one.definition), ...part("Give it when", one.include_when), ...part("Do not give it when", one.exclude_when),
    make("h3", {}, "History"), make("ul", { class: "history" }, one.history.map((row) => make("li", {},
      make("p", {}, [row.decided_at ? tellTime(row.decided_at) : "no date", row.decided_by].filter(Boolean).map((words) => make("span", { class: "tag" }, showText(words))), " ",
        make("strong", {}, showText(row.name)), row.status === "retired" ? ` retired${row.replaced_by ? `, replaced by ${row.replaced_by}` : ""}` : ""),
      make("p", { class: "soft", dir: "auto" }, showText(row.definition)), row.reason ? make("p", { dir: "auto" }, "Why: ", showText(row.reason)) : ""))));
}

// Forms -------------------------------------------------------------------------------------------------------------

function drawFields(code, number) {
  return FIELDS.map(([name, label, rows]) => {
    const id = `form-${number}-${name}`;
    const field = rows === 1 ? make("input", { id, autocomplete: "off", maxlength: "200" }) : make("textarea", { id, rows: String(rows), maxlength: "5000" });
    field.value = code?.[name] ?? "";
    return [make("label", { for: id }, label), field];
  });
}

const readFields = (number) => Object.fromEntries(FIELDS.map(([name]) => [name, find(`form-${number}-${name}`).value]));
const drawChosen = (code, what) => make("p", { class: "chosen" }, `${what} `, make("strong", {}, `${code.code_id} `, showText(code.name)));

function drawParts() {
  const { kind, code, into, parts } = form;
  if (kind === "new" || kind === "reword") return drawFields(code, 0);
  if (kind === "merge") return [into ? drawChosen(into, "into") : "", button("into", into ? "Another one" : "Choose the code that it is merged into", "")];
  if (kind === "split") {
    return [...parts.map((part, number) => make("fieldset", {}, part.code ? drawChosen(part.code, "the code") : drawFields(part, number))),
      make("p", { class: "buttons" }, button("more", "One more new code"), button("known", "One that exists"))];
  }
  return [];
}

function drawForm() {
  const { kind, code } = form;
  find("form-title").replaceChildren(NAMES[kind], code && kind !== "new" ? ` ${code.code_id} ` : "", ...(code && kind !== "new" ? showText(code.name) : []));
  const touched = code && kind !== "new" && countAll(code) ? `It touches ${tellCounts(code)}: each waits for its coder to look at it again` : "It touches no coding";
  find("form-touches").textContent = kind === "new" ? "It is in every coder's list at once." : kind === "reword" ? `${touched}, unless the name alone is changed.` : `${touched}.`;
  find("form-parts").replaceChildren(...drawParts().flat(Infinity).filter(Boolean));
}

function openForm(kind) {
  const code = codeOf(chosen);
  if (kind !== "new" && code?.status !== "active") return;
  form = { kind, code: kind === "new" ? null : code, into: null, parts: [{}, {}] };
  find("form-reason").value = "";
  find("form-notice").textContent = "";
  find("form-reason").required = kind !== "new";
  drawForm();
  open("form", kind === "new" || kind === "reword" || kind === "split" ? "form-0-name" : kind === "retire" ? "form-reason" : "form");
  if (kind === "merge") chooseInto();
}

// Another dialog lies above the form until a code is chosen; what was written stays.
function chooseCode(title, then) {
  keepParts();
  const known = book.codes.filter((one) => one.status === "active" && one.code_id !== chosen && !form.parts.some((part) => part.code === one));
  window.place.ask(known, title, (id) => { then(codeOf(id)); drawForm(); find("form-reason").focus(); });
}

function keepParts() {
  if (form.kind === "split") form.parts = form.parts.map((part, number) => (part.code ? part : readFields(number)));
}

const chooseInto = () => chooseCode(`Merge ${chosen} into`, (code) => { form.into = code; });

function addPart(part) {
  keepParts();
  form.parts.push(part);
  drawForm();
}

// A code that exists takes the place of a new one that nothing was written for.
function addKnown() {
  chooseCode(`Split ${chosen} into`, (code) => {
    const empty = form.parts.findLastIndex((part) => !part.code && !part.name);
    if (empty >= 0) form.parts[empty] = { code };
    else form.parts.push({ code });
  });
}

function readForm() {
  const { kind, code, into, parts } = form;
  if (kind === "new" || kind === "reword") return { ...readFields(0), code_id: code?.code_id ?? "" };
  if (kind === "merge") return { code_ids: [code.code_id], into: into?.code_id ?? "" };
  if (kind === "split") return { code_id: code.code_id, parts: parts.map((part, number) => (part.code ? part.code.code_id : readFields(number))) };
  return { code_id: code.code_id };
}

async function change(decision) {
  const answer = await send("codes", { ...decision, version: book.version }, { showAnew: load, describe: (body) => body.saved });
  if (!answer) return null;
  const known = new Set(book.codes.map((one) => one.code_id));
  book = answer;
  const made = book.codes.find((one) => !known.has(one.code_id));
  if (made && decision.kind === "new") chosen = made.code_id;
  draw();
  return answer;
}

async function save() {
  const decision = { kind: form.kind, ...readForm(), reason: find("form-reason").value };
  if (await change(decision)) find("form").close();
  else find("form-notice").textContent = find("notice").textContent; // what was written is not lost
}

// Keys and clicks ---------------------------------------------------------------------------------------------------

function step(by) {
  const ids = listShown().map((one) => one.code_id);
  chosen = ids[Math.min(Math.max(ids.indexOf(chosen) + by, 0), ids.length - 1)] ?? "";
  draw();
}

const DOES = {
  choose: (element) => { chosen = element.dataset.code; draw(); },
  new: () => openForm("new"), reword: () => openForm("reword"), merge: () => openForm("merge"), split: () => openForm("split"), retire: () => openForm("retire"),
  take_up: () => { if (codeOf(chosen)?.is_untaken) change({ kind: "take_up", code_id: chosen }); },
  undo: () => { if (book.undo) change({ kind: "undo" }); },
  into: chooseInto, more: () => addPart({}), known: addKnown, save,
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { j: () => step(1), k: () => step(-1), "/": () => find("filter").focus(), n: DOES.new, e: DOES.reword, m: DOES.merge, s: DOES.split, x: DOES.retire, t: DOES.take_up, u: DOES.undo, "?": DOES.keys };

document.addEventListener("keydown", (event) => {
  if (openDialog()) {
    if (find("form").open && !find("choosing").open && event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    return;
  }
  if (event.target.id === "filter") {
    if (event.key === "Escape" || event.key === "Enter") find("content").focus();
    return;
  }
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
  if (event.repeat && !["j", "k"].includes(event.key)) return;
  if (isUndo) DOES.undo();
  else if (PRESSED[event.key]) PRESSED[event.key]();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const element = event.target.closest("[data-do]");
  if (element && DOES[element.dataset.do]) DOES[element.dataset.do](element);
});

async function load() {
  const found = await ask("codes");
  if (!found) return null;
  book = found;
  draw();
  return found;
}

async function start() {
  const found = await load();
  if (!found) return;
  setPerson(found.person);
  listKeys(KEYS);
  find("study").append(...showText(found.title));
  find("who").textContent = `editor ${found.person}`;
  document.title = `Codebook · ${showPlain(found.title)}`;
  find("filter").addEventListener("input", draw);
}

start();
