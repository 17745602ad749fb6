// Settling codings: what coders gave to one unit side by side, and one key for what stands of it.
"use strict";

const { find, make, showText, showPlain, button, keep, ask, send, say, open, openDialog, setPerson, listKeys } = window.desk;
const KEYS = [
  ["1 … 9", "the first, second, … code alone stands, the others fall"],
  ["s", "all disputed codes stand, or those that are marked"],
  ["f", "all fall, or those that are marked"],
  ["r", "all become another code, or those that are marked; ↓ ↑ choose, Enter takes it"],
  ["Shift+1 … 9", "mark a code, so that s, f and r are about it alone"],
  ["a  b  c", "take the first, second, third earlier reason"],
  ["n", "write why; a decision without a reason asks for it. Enter saves, Shift+Enter begins a line, Esc leaves it"],
  ["u  or  Ctrl+Z", "undo your last settlement"],
  ["h", "show or hide who gave what"],
  ["g", "how far coders agree, before and after"],
  ["j  k", "read on, read back"],
  ["l", "open the live page"],
  ["?", "these keys"],
];
const KINDS = { coding: "They gave different codes.", unitizing: "Not all of them coded it." };
const MEASURES = { share_agreed: "share agreed", alpha_nominal: "alpha, sets equal or not", alpha_masi: "alpha, sets by what they share (MASI)" };

let study; // who settles, and the codes in use
let state = null; // how much is left, what can be undone, the dispute that is shown
let isBusy = false; // while a decision is saved the next dispute is not seen yet, so no key decides on it
let pending = null; // a decision that waits for its reason
let marked = new Set(); // codes that the next key is about alone
let isNamed = keep((store) => store.getItem("names")) === "yes";

const codeOf = (id) => state.dispute.codes.find((one) => one.code_id === id);
const showCode = (id) => [make("strong", {}, `${id} `), showText(codeOf(id)?.name ?? "")];

function drawSide(one, i) {
  const given = one.codings.map((coding) => [make("p", { class: "verdict" }, showCode(coding.code_id), coding.confidence ? ` (${coding.confidence} confidence)` : "", coding.coding_id ? make("span", { class: "soft" }, ` ${coding.coding_id}`) : ""),
    coding.memo ? make("p", { dir: "auto" }, showText(coding.memo)) : make("p", { class: "soft" }, "no memo")]);
  return make("section", { class: "side", "aria-label": `Coder ${i + 1}` }, make("p", { class: "soft" }, one.coder ? showText(one.coder) : `Coder ${i + 1}`),
    given.length ? given : make("p", { class: "verdict" }, "no code"));
}

function drawHead(one) {
  const facts = [one.source_id, one.segment_id, one.publisher, `round ${one.round}`];
  return [make("h1", { dir: "auto" }, showText(one.title)),
    make("p", { class: "facts" }, facts.filter(Boolean).map((fact) => make("span", {}, showText(fact))),
      one.url ? make("a", { href: one.url, rel: "noreferrer noopener", target: "_blank", id: "live" }, "the live page") : null, make("span", {}, KINDS[one.kind]))];
}

function drawChoices(one) {
  find("choices").replaceChildren(make("h2", {}, "In dispute"), make("ul", {}, one.choices.map((id, i) => make("li", {},
    make("button", { type: "button", class: "criterion", "data-do": "only", "data-code": id }, i < 9 ? [make("kbd", {}, String(i + 1)), " "] : "", showCode(id),
      one.choices.length > 1 ? make("span", { class: "soft" }, "alone stands") : make("span", { class: "soft" }, "stands")),
    one.choices.length > 1 ? make("button", { type: "button", class: "plain", "data-do": "mark", "data-code": id, "aria-pressed": String(marked.has(id)) }, "Mark ", make("kbd", {}, `Shift+${i + 1}`)) : ""))));
  find("earlier").replaceChildren(...(one.earlier.length ? [make("h2", {}, "The same codes before"), make("ul", { class: "earlier" }, one.earlier.map((before, i) =>
    make("li", {}, make("button", { type: "button", "data-do": "reason", "data-number": i }, i < 3 ? [make("kbd", {}, "abc"[i]), " "] : "", make("strong", {}, before.verdicts.join(", ")),
      before.n > 1 ? ` (${before.n} times)` : "", make("span", { class: "soft", dir: "auto" }, " ", showText(before.reason))))))] : []));
  for (const kind of ["stands", "falls", "recode"]) {
    const label = { stands: one.choices.length > 1 && !marked.size ? "All stand" : "Stands", falls: one.choices.length > 1 && !marked.size ? "All fall" : "Falls", recode: "Recode" }[kind];
    document.querySelector(`#verdicts [data-do=${kind}]`).firstChild.textContent = `${label} `;
  }
}

function draw() {
  const one = state.dispute;
  marked = new Set();
  setPending(null);
  find("reason").value = "";
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  document.querySelector("[data-do=names]").setAttribute("aria-pressed", String(isNamed));
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} settled`;
  for (const element of document.querySelectorAll("#verdicts button, #reason")) element.disabled = !one;
  if (!one) {
    find("dispute").replaceChildren(make("h1", {}, "Nothing is left to settle."), make("p", {}, button("agreement", "How far coders agree", "g"), " ", make("a", { href: "../" }, "What is left for you")));
    for (const id of ["place", "sides", "codes", "choices", "earlier"]) find(id).replaceChildren();
    return;
  }
  find("dispute").replaceChildren(...drawHead(one));
  find("place").replaceChildren(...window.place.draw(one.place));
  find("sides").replaceChildren(...one.sides.map(drawSide));
  find("codes").replaceChildren(...one.codes.map((code) => window.place.drawCode(code, one.choices.includes(code.code_id) ? "In dispute" : "Given by all")));
  drawChoices(one);
  find("content").scrollTop = 0;
  find("content").focus({ preventScroll: true });
  document.title = `${one.segment_id || one.source_id} · ${showPlain(study.person)} settles`;
}

const names = () => (isNamed ? "?names=yes" : "");

async function show() {
  const found = await ask(`next${names()}`);
  if (!found) return;
  if (!study.codes.length) study = (await ask("study")) ?? study; // they are told once coding is through
  state = found;
  draw();
}

async function showAnew() {
  study = (await ask("study")) ?? study; // the codebook may be what has changed
  await show();
}

// Deciding ----------------------------------------------------------------------------------------------------------

const WORDS = { stands: "stands", falls: "falls", only: "alone stands", recoded: "becomes" };

function setPending(decision) {
  pending = decision;
  const label = decision ? [`Why: ${decision.code_ids || state.dispute.choices.join(", ")} ${WORDS[decision.kind]}${decision.code_id ? ` ${decision.code_id}` : ""} `, make("kbd", {}, "Enter")] : ["Why ", make("kbd", {}, "n")];
  find("reason-label").replaceChildren(...label);
}

// A decision without a reason waits for it; with one, it is saved at once.
function decide(decision) {
  if (!state?.dispute || isBusy) return;
  const whole = { ...decision, code_ids: decision.code_ids ?? [...marked].join("; ") };
  setPending(whole);
  if (find("reason").value.trim()) save();
  else find("reason").focus();
}

async function save() {
  const decision = { ...pending, reason: find("reason").value };
  const one = state.dispute;
  if (await post(decision, one)) return;
  find("reason").value = decision.reason; // what was written is not lost
}

async function post(decision, about) {
  isBusy = true;
  const place = about.key.slice(about.key.indexOf(":") + 1);
  const answer = await send(`disputes/${encodeURIComponent(about.key)}${names()}`, { ...decision, version: about.version }, {
    showAnew, describe: (body) => `${body.saved} on ${place}` });
  isBusy = false;
  if (!answer) return null;
  state = answer;
  draw();
  return answer;
}

function mark(code_id) {
  if (!code_id || state.dispute.choices.length < 2) return;
  if (!marked.delete(code_id)) marked.add(code_id);
  drawChoices(state.dispute);
}

function takeReason(number) {
  const before = state?.dispute?.earlier[number];
  if (!before) return;
  find("reason").value = before.reason;
  if (pending) save();
}

async function showAgreement() {
  open("agreeing");
  find("agreeing-rounds").replaceChildren(make("p", { class: "soft" }, "Measuring …"));
  const found = await ask("agreement");
  if (!found) return find("agreeing").close();
  const tell = (value) => (value === null ? "–" : value.toFixed(3));
  const rows = found.rounds.flatMap((one) => one.measures.map((row) => make("tr", {}, make("td", {}, one.round), make("td", {}, showText(one.coders)), make("td", {}, MEASURES[row.measure]),
    make("td", { class: "n" }, `${tell(row.before)} [${tell(row.low)}, ${tell(row.high)}]`), make("td", { class: "n" }, tell(row.after)), make("td", { class: "n" }, one.n_units.toLocaleString("en")))));
  find("agreeing-rounds").replaceChildren(rows.length ? make("table", {}, make("thead", {}, make("tr", {}, ["round", "coders", "measure"].map((name) => make("th", {}, name)), ["before [95 %]", "after", "units"].map((name) => make("th", { class: "n" }, name)))),
    make("tbody", {}, rows)) : make("p", {}, "No two coders have finished the same source in the same round."));
  return null;
}

// Keys and clicks ---------------------------------------------------------------------------------------------------

const scroll = (share) => () => find("content").scrollBy(0, find("content").clientHeight * share);
const DOES = {
  stands: () => decide({ kind: "stands" }), falls: () => decide({ kind: "falls" }),
  only: (element) => decide({ kind: "only", code_ids: element.dataset.code }),
  recode: () => { if (state?.dispute && !isBusy) window.place.ask(study.codes, "Which code do they get?", (code_id) => decide({ kind: "recoded", code_id })); },
  mark: (element) => mark(element.dataset.code), reason: (element) => takeReason(Number(element.dataset.number)),
  undo: () => { if (state?.undo && !isBusy) post({ kind: "undo" }, state.undo); },
  names: () => {
    isNamed = !isNamed;
    keep((store) => store.setItem("names", isNamed ? "yes" : "no"));
    show();
  },
  agreement: showAgreement, keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = {
  s: DOES.stands, f: DOES.falls, r: DOES.recode, a: () => takeReason(0), b: () => takeReason(1), c: () => takeReason(2), n: () => find("reason").focus(),
  u: DOES.undo, h: DOES.names, g: showAgreement, j: scroll(0.8), k: scroll(-0.8), l: () => find("live")?.click(), "?": DOES.keys,
};

function pressInReason(event) {
  if (event.key === "Escape") setPending(null);
  else if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  else if (pending && !event.repeat) find("reason").value.trim() ? save() : say("Say why: a reason stands beside every settlement.");
  event.preventDefault();
  if (!pending) find("content").focus();
}

document.addEventListener("keydown", (event) => {
  if (openDialog()) return;
  if (event.target.id === "reason") {
    pressInReason(event);
    return;
  }
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
  if ((event.repeat && !["j", "k"].includes(event.key)) || (event.key === "Enter" && event.target.closest("a, button"))) return;
  const digit = /^(Digit|Numpad)[1-9]$/.test(event.code) ? state?.dispute?.choices[event.code.slice(-1) - 1] : null;
  if (isUndo) DOES.undo();
  else if (digit && event.shiftKey) mark(digit);
  else if (digit) decide({ kind: "only", code_ids: digit });
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
  find("who").textContent = `adjudicator ${study.person}`;
  listKeys(KEYS);
  await show();
}

start();
