// The screening page: one candidate at a time, decided by one key.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, open } = window.desk;
const { draw, showPage, drawCriteria, listen, READING, nameDecision } = window.candidate;
const KEYS = [
  ["i", "include"],
  ["1 … 9, 0", "exclude by the first, … tenth criterion"],
  ["m", "unsure (maybe): somebody settles it"],
  ["n", "a note, saved with the decision; Esc leaves it"],
  ["u  or  Ctrl+Z", "undo your last decision"],
  ["j  k", "read on, read back"],
  ["l", "open the live page"],
  ["c", "have the page captured, if it was not"],
  ["g", "go on to the next candidate that is left"],
  ["r", "draw a random sample of what is left, or go back to the ranked order"],
  ["?", "these keys"],
];

let study; // criteria, and who screens
let state = null; // what is left, what can be undone, the candidate that is shown
let isBusy = false; // while a decision is saved the next candidate is not seen yet, so no key decides on it
let nProgress = 0; // how often the progress was asked for

function drawState() {
  const one = state.candidate;
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} done`;
  find("recent").replaceChildren(...(state.recent.length ? [make("h2", {}, "Your last decisions"), make("ul", {}, state.recent.map((row) =>
    make("li", {}, make("button", { type: "button", "data-do": "show", "data-candidate": row.candidate_id },
      make("span", { class: "verdict" }, nameDecision(row)), make("span", { dir: "auto" }, showText(row.title))))))] : []));
  for (const element of document.querySelectorAll(".verdicts button, .criterion")) element.disabled = !one;
  if (!one) {
    find("candidate").replaceChildren(make("h1", {}, "You have decided on every candidate."),
      make("p", {}, make("a", { href: "../" }, "What is left for you")));
    find("text").replaceChildren();
    return;
  }
  const own = one.decided;
  find("candidate").replaceChildren(...draw(one), own ? make("p", { class: "own" }, "You decided: ", make("strong", {}, nameDecision(own)),
    own.reason ? [" · ", ...showText(own.reason)] : "", ". Decide again to change it, or ", button("next", "go on", "g", { class: "plain" }), ".") : "");
  find("note").value = own?.reason ?? "";
  find("content").scrollTop = 0;
  find("content").focus({ preventScroll: true });
  history.replaceState(null, "", `#${one.candidate_id}`);
  document.title = `${one.candidate_id} · ${showPlain(study.person)} screens`;
  showPage(one);
}

// The curve fills the graph: all candidates from left to right, what was found from the bottom up.
function drawProgress(progress) {
  const [wide, high] = [240, 120];
  const most = Math.max(1, progress.n_found);
  const points = progress.curve.map(([n, found]) => `${(wide * n / progress.n_candidates).toFixed(1)} ${(high - high * found / most).toFixed(1)}`);
  document.querySelector("#curve .found").setAttribute("d", `M${points.join("L")}`);
  const number = (n) => n.toLocaleString("en");
  find("curve-says").textContent = `${number(progress.n_found)} may be relevant of ${number(progress.n_screened)} screened; ${number(progress.n_left)} are left.`;
  find("says").replaceChildren(...progress.sentences.map((words) => make("li", {}, words)));
  const button = document.querySelector("[data-do=draw]");
  button.disabled = !progress.is_drawing && !progress.can_draw;
  button.setAttribute("aria-pressed", String(progress.is_drawing));
  find("progress").hidden = false;
}

// Nothing waits for it: the next candidate is shown already. An answer that a later one overtook is not shown.
async function showProgress() {
  if (!study.is_ranked) return;
  const number = ++nProgress;
  const progress = await ask("progress");
  if (progress && number === nProgress) drawProgress(progress);
}

async function switchOrder() {
  const button = document.querySelector("[data-do=draw]");
  if (!study.is_ranked || button.disabled || isBusy) return;
  const isDrawing = button.getAttribute("aria-pressed") === "true";
  isBusy = true;
  const answer = await send("order", { kind: isDrawing ? "rank" : "draw" }, {
    showAnew: () => show("next"),
    describe: () => (isDrawing ? "ranked again" : "drawn at random from now on"),
  });
  isBusy = false;
  if (!answer) return;
  state = answer;
  drawState();
  await showProgress();
}

async function show(path) {
  const found = await ask(path);
  if (!found) return;
  state = found;
  drawState();
}

const showCandidate = (candidate_id) => show(`candidates/${encodeURIComponent(candidate_id)}`);

async function decide(decision, about = state.candidate) {
  if (!about || isBusy) return;
  isBusy = true;
  const answer = await send(`candidates/${encodeURIComponent(about.candidate_id)}`, { ...decision, version: about.version }, {
    showAnew: () => showCandidate(about.candidate_id),
    describe: (body) => (decision.kind === "undo" ? `undone on ${about.candidate_id}` : `${nameDecision(body.saved)} on ${about.candidate_id}`),
  });
  isBusy = false;
  if (!answer) return;
  state = answer;
  drawState();
  await showProgress();
}

const note = () => find("note").value;
const exclude = (criterion_id) => { if (criterion_id) decide({ kind: "exclude", criterion_id, note: note() }); };
const DOES = {
  include: () => decide({ kind: "include", note: note() }),
  unsure: () => decide({ kind: "unsure", note: note() }),
  exclude: (element) => exclude(element.dataset.criterion),
  undo: () => { if (state?.undo) decide({ kind: "undo" }, state.undo); },
  show: (element) => showCandidate(element.dataset.candidate),
  next: () => show("next"),
  draw: switchOrder,
  keys: () => open("keys"),
  close: (element) => element.closest("dialog").close(),
};
const PRESSED = { ...READING, i: DOES.include, m: DOES.unsure, u: DOES.undo, g: DOES.next, r: DOES.draw, "?": DOES.keys };

async function start() {
  study = await ask("study");
  if (!study) return;
  window.desk.setPerson(study.person);
  find("study").append(...showText(study.title));
  find("who").textContent = `screener ${study.person}, round ${study.round}`;
  window.desk.listKeys(KEYS.filter(([key]) => key !== "r" || study.is_ranked));
  listen(DOES, PRESSED, drawCriteria(study.criteria));
  const asked = decodeURIComponent(location.hash.slice(1));
  if (asked) await showCandidate(asked);
  if (!state) {
    await show("next");
    if (state && asked) say("");
  }
  await showProgress();
}

start();
