// Writing claims: the statement of each guideline, split into claims, each with how it fares.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["j  k", "next, previous claim or guideline"],
  ["a", "add a claim to the marked guideline"],
  ["e", "word the marked claim anew: it has to be read again"],
  ["w", "withdraw the marked claim, with a reason"],
  ["f", "accept the marked claim below the floor, with a reason; or open it again"],
  ["u  or  Ctrl+Z", "undo your last decision"],
  ["?", "these keys"],
];
const FORMS = {
  add: { title: "A new claim", wording: true, reason: "Why (may stay empty)" },
  reword: { title: "Word the claim anew", wording: true, reason: "Why (may stay empty)" },
  withdraw: { title: "Withdraw the claim", wording: false, reason: "Why it is withdrawn" },
  accept: { title: "Accept the claim below the floor", wording: false, reason: "Why it stays although it has so little support" },
};
const take = makeLine();
let state = null;
let current = 0; // which of the marked things, guidelines and claims in the order of the page
let asked = null; // what the form is about: { kind, guideline, claim }

const list = () => (state ? state.guidelines.flatMap((guideline) => [{ guideline, claim: null }, ...guideline.claims.map((claim) => ({ guideline, claim }))]) : []);
const isMarked = (guideline, claim) => { const one = list()[current]; return Boolean(one) && one.guideline === guideline && one.claim === claim; };

const count = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

function tellCounts(claim) {
  const n = claim.counts;
  if (!n) return state.has_counts ? "Not read yet: no coding of the guideline is located." : "How it was read is shown once all readers are through.";
  const read = `${n.n_supports} support it (${count(n.n_sources, "source")}, ${count(n.n_publishers, "publisher")}), ${n.n_partly} partly, ${n.n_against} against`;
  const open_ = [n.n_unread ? `${n.n_unread} unread` : "", n.n_disputed ? `${n.n_disputed} disputed` : ""].filter(Boolean).join(", ");
  return `Of ${count(n.n_pairs, "place")} ${read}${open_ ? ` · ${open_}` : ""}`;
}

function drawClaim(guideline, claim) {
  const isWeak = claim.counts && claim.counts.has_floor === "no" && !claim.counts.n_unread && !claim.counts.n_disputed;
  const isCurrent = isMarked(guideline, claim);
  const isAccepted = claim.status === "accepted";
  const weak = isAccepted ? [make("strong", {}, "Accepted below the floor"), claim.reason ? [": ", ...showText(claim.reason)] : ""]
    : isWeak ? make("strong", { class: "weak" }, `Fewer than ${count(state.min_publishers, "publisher")} support it.`) : null;
  const about = { "data-claim": claim.claim_id };
  return make("li", { class: isCurrent ? "current" : null, "aria-current": isCurrent ? "true" : null, ...about },
    make("p", { dir: "auto" }, make("span", { class: "soft" }, `${claim.claim_id} `), showText(claim.wording)),
    make("p", { class: "counts" }, tellCounts(claim)), weak ? make("p", {}, weak) : null,
    make("div", { class: "acts" }, button("reword", "Word anew", "e", about), button("withdraw", "Withdraw", "w", about),
      isAccepted ? button("open", "Open again", "f", about) : isWeak ? button("accept", "Accept", "f", about) : null));
}

function drawGuideline(guideline) {
  const isCurrent = isMarked(guideline, null);
  const parts = ["intent", "applicability"].filter((name) => guideline[name]).map((name) =>
    make("p", { class: "soft", dir: "auto" }, `${name[0].toUpperCase()}${name.slice(1)}: `, showText(guideline[name])));
  return make("article", { class: isCurrent ? "current" : null, "aria-current": isCurrent ? "true" : null, "data-guideline": guideline.guideline_id },
    make("h2", { dir: "auto" }, `${guideline.guideline_id} `, showText(guideline.name)),
    make("p", { dir: "auto" }, showText(guideline.statement)), parts,
    guideline.claims.length ? make("ol", {}, guideline.claims.map((claim) => drawClaim(guideline, claim))) : make("p", { class: "soft" }, "No claim yet."),
    make("div", { class: "acts" }, button("add", "Add a claim", "a", { "data-guideline": guideline.guideline_id })));
}

function draw() {
  find("guidelines").replaceChildren(...state.guidelines.map(drawGuideline));
  const nSplit = state.guidelines.filter((one) => one.claims.length).length;
  find("progress").textContent = `${nSplit} of ${state.guidelines.length} guidelines have claims. A claim says one thing that a place can support or contradict.`;
  document.querySelector('[data-do="undo"]').disabled = !state.undo;
}

function goTo(number) {
  current = Math.min(Math.max(number, 0), list().length - 1);
  draw();
  const marked = document.querySelector("li.current, article.current > h2");
  if (marked) marked.scrollIntoView({ block: "nearest" });
}

// Marks a claim, or a guideline if it has no such claim.
function mark(guidelineId, claimId) {
  const at = list().findIndex((one) => (claimId ? one.claim?.claim_id === claimId : !one.claim && one.guideline.guideline_id === guidelineId));
  if (at >= 0) current = at;
}

function takeIn(answer) {
  const one = list()[current];
  state = answer;
  if (one) mark(one.guideline.guideline_id, one.claim?.claim_id);
  current = Math.min(current, list().length - 1);
  draw();
  return answer;
}

async function load() {
  const found = await ask("guidelines");
  return found ? takeIn(found) : null;
}

const decide = (decision, describe) => take(async () => {
  const answer = await send("guidelines", decision, { showAnew: load, describe });
  return answer ? takeIn(answer) : null;
});

function fill(kind) {
  const one = list()[current];
  if (!one || (kind !== "add" && !one.claim)) return say(kind === "add" ? "There is no guideline yet." : "Mark a claim first: j and k go from one to the next.");
  const form = FORMS[kind];
  asked = { kind, ...one };
  find("form-title").textContent = one.claim && kind !== "add" ? `${form.title}: ${one.claim.claim_id}` : `${form.title} of ${one.guideline.guideline_id}`;
  find("form-about").replaceChildren(...showText(one.claim && kind !== "add" ? one.claim.wording : one.guideline.statement));
  for (const id of ["wording", "wording-label"]) find(id).hidden = !form.wording;
  find("wording").value = kind === "reword" ? one.claim.wording : "";
  find("reason-label").textContent = form.reason;
  find("reason").value = "";
  showFault("");
  return open("form", form.wording ? "wording" : "reason");
}

function showFault(words) {
  find("form-fault").hidden = !words;
  find("form-fault").replaceChildren(...showText(words));
}

async function save() {
  const { kind, guideline, claim } = asked;
  const decision = { kind, guideline_id: guideline.guideline_id, wording: find("wording").value, reason: find("reason").value };
  if (kind !== "add") Object.assign(decision, { claim_id: claim.claim_id, version: claim.version });
  const answer = await decide(decision, (body) => `${body.saved.claim_id} ${{ add: "is new", reword: "has other words", withdraw: "is withdrawn", accept: "is accepted" }[kind]}`);
  if (!answer) return showFault(find("notice").textContent); // which lies behind the form
  find("form").close();
  if (kind === "add") mark(guideline.guideline_id, answer.saved.claim_id);
  goTo(current);
}

function accept() {
  const one = list()[current]?.claim;
  if (one?.status !== "accepted") return fill("accept");
  return decide({ kind: "open", claim_id: one.claim_id, version: one.version }, (body) => `${body.saved.claim_id} is open again`);
}

const undo = () => (state?.undo ? decide({ kind: "undo" }, (body) => `${body.saved.claim_id} is as it was before`) : null);
const on = (kind) => (element) => { mark(element.dataset.guideline, element.dataset.claim); draw(); return kind === "accept" || kind === "open" ? accept() : fill(kind); };
const DO = { undo, save, keys: () => open("keys"), close: () => openDialog().close(),
  add: on("add"), reword: on("reword"), withdraw: on("withdraw"), accept: on("accept"), open: on("open") };
const PRESSED = { j: () => goTo(current + 1), k: () => goTo(current - 1), a: () => fill("add"), e: () => fill("reword"), w: () => fill("withdraw"), f: accept, u: undo, "?": () => open("keys") };

document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-do]");
  if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
});
document.addEventListener("keydown", (event) => {
  if (openDialog()) {
    if (event.key === "Enter" && event.ctrlKey && openDialog().id === "form") save();
    return;
  }
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
  const action = isUndo ? undo : PRESSED[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

async function start() {
  const found = await load();
  if (!found) return;
  setPerson(found.person);
  listKeys(KEYS);
  find("study").append(...showText(found.title));
  find("who").textContent = showPlain(found.person);
  document.title = `Claims · ${showPlain(found.title)}`;
  const first = list().findIndex((one) => !one.claim && !one.guideline.claims.length);
  goTo(Math.max(0, first));
}

start();
