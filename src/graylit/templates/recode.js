// The queue after changes of the codebook: a coder's codings one by one, with the old definition and the new one.
"use strict";

const { find, make, showText, showPlain, button, ask, send, open, openDialog, setPerson, listKeys } = window.desk;
const KEYS = [
  ["k", "keep it: it is so under the definition in force"],
  ["1 … 9", "give the first, second, … of the codes that took the place of its own"],
  ["/  or  c", "give another code; ↓ ↑ choose, Enter gives it"],
  ["x", "withdraw it"],
  ["u  or  Ctrl+Z", "undo your last decision here"],
  ["l", "open the live page"],
  ["?", "these keys"],
];
const WHYS = {
  sharpened: "Its code has another definition now.",
  merged: "Its code was merged into another one.",
  split: "Its code was split: say which of these it means.",
  retired: "Its code was retired, and no other one took its place.",
};

let study; // whose queue it is, and the codes in use
let state = null; // how many wait, what can be undone, the coding that is shown
let isBusy = false; // while a decision is saved the next coding is not seen yet, so no key decides on it

function drawHead(one) {
  const facts = [one.source_id, one.publisher, one.coding_id, one.coded_at ? `coded ${one.coded_at.replace("T", " ").replace("Z", " UTC")}` : ""];
  const changed = [one.change.decided_at.replace("T", " ").replace("Z", " UTC"), one.change.decided_by].filter(Boolean).join(", by ");
  return [make("h1", { dir: "auto" }, showText(one.title)),
    make("p", { class: "facts" }, facts.filter(Boolean).map((fact) => make("span", {}, showText(fact))),
      one.url ? make("a", { href: one.url, rel: "noreferrer noopener", target: "_blank", id: "live" }, "the live page") : null),
    make("div", { class: "notice" }, make("p", {}, make("strong", {}, WHYS[one.why])),
      make("p", { dir: "auto" }, showText([one.change.reason, changed ? `(${changed})` : ""].filter(Boolean).join(" "))))];
}

function drawVerdicts(one) {
  const isOne = one.now.length === 1;
  const kept = isOne ? [button("keep", `Keep as ${one.now[0].code_id}`, "k", { class: "strong" })] : [];
  const heirs = isOne ? [] : one.now.map((code, i) => make("button", { type: "button", class: "criterion", "data-do": "give", "data-code": code.code_id },
    i < 9 ? [make("kbd", {}, String(i + 1)), " "] : "", make("strong", {}, `${code.code_id} `, showText(code.name))));
  return [...kept, ...heirs, button("choose", "Another code", "c"), button("withdraw", "Withdraw", "x")];
}

function drawOwn(one) {
  return [make("h2", {}, "Your coding"), make("p", {}, make("strong", {}, `${one.before.code_id} `, showText(one.before.name)), one.confidence ? `, ${one.confidence} confidence` : ""),
    make("p", { dir: "auto" }, one.memo ? showText(one.memo) : make("span", { class: "soft" }, "no memo"))];
}

function draw() {
  const one = state.coding;
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} done since the desk was opened`;
  if (!one) {
    find("coding").replaceChildren(make("h1", {}, "Nothing waits."), make("p", {}, "All your codings are under the definitions in force. ", make("a", { href: "../" }, "What is left for you")));
    for (const id of ["place", "codes", "judging", "verdicts"]) find(id).replaceChildren();
    return;
  }
  const isSharpened = one.why === "sharpened";
  find("coding").replaceChildren(...drawHead(one));
  find("place").replaceChildren(...window.place.draw(one.place));
  find("codes").replaceChildren(window.place.drawCode(one.before, isSharpened ? "As you gave it" : "Its code, retired", isSharpened ? one.now[0] : null),
    ...one.now.map((code, i) => window.place.drawCode(code, one.now.length > 1 ? `Now: ${i + 1}` : "Now", isSharpened ? one.before : null)));
  find("judging").replaceChildren(...drawOwn(one));
  find("verdicts").replaceChildren(...drawVerdicts(one));
  find("content").scrollTop = 0;
  find("content").focus({ preventScroll: true });
  document.title = `${one.coding_id} · ${showPlain(study.person)} recodes`;
}

async function showAnew() {
  study = (await ask("study")) ?? study; // the codebook may be what has changed
  await show();
}

async function show() {
  const found = await ask("next");
  if (!found) return;
  state = found;
  draw();
}

async function decide(decision, coding_id = state?.coding?.coding_id) {
  if (!coding_id || isBusy) return;
  isBusy = true;
  const answer = await send(`codings/${encodeURIComponent(coding_id)}`, { ...decision, version: state.coding?.version ?? "" }, {
    showAnew, describe: (body) => body.saved });
  isBusy = false;
  if (!answer) return;
  state = answer;
  draw();
}

const give = (code_id) => code_id && decide({ kind: "give", code_id });
const DOES = {
  keep: () => { if (state?.coding?.now.length === 1) decide({ kind: "keep" }); },
  give: (element) => give(element.dataset.code),
  choose: () => { if (state?.coding) window.place.ask(study.codes, "Give another code", give); },
  withdraw: () => decide({ kind: "withdraw" }),
  undo: () => { if (state?.undo) decide({ kind: "undo" }, state.undo); },
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { k: DOES.keep, c: DOES.choose, "/": DOES.choose, x: DOES.withdraw, u: DOES.undo, l: () => find("live")?.click(), "?": DOES.keys };

document.addEventListener("keydown", (event) => {
  if (openDialog()) return;
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
  if (event.repeat || (event.key === "Enter" && event.target.closest("a, button"))) return;
  const heir = /^[1-9]$/.test(event.key) && state?.coding?.now.length > 1 ? state.coding.now[event.key - 1] : null;
  if (isUndo) DOES.undo();
  else if (heir) give(heir.code_id);
  else if (PRESSED[event.key]) PRESSED[event.key]();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const element = event.target.closest("[data-do]");
  if (element && DOES[element.dataset.do]) DOES[element.dataset.do](element);
});

async function start() {
  study = await ask("study");
  if (!study) return;
  setPerson(study.person);
  find("study").append(...showText(study.title));
  find("who").textContent = `coder ${study.person}`;
  listKeys(KEYS);
  await show();
}

start();
