// Settling appraisals: what appraisers scored differently, side by side, without names unless they are asked for.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["1 2 3 …", "settle the marked difference by the score with this number, and go to the next open one"],
  ["j  k", "next, previous difference"],
  ["n", "next difference that is not settled"],
  ["e", "write why, once it is settled"],
  ["u", "undo the last decision on the marked difference"],
  ["h", "show or hide the names of the appraisers"],
  ["?", "these keys"],
];
const take = makeLine();
let places = [];
let current = 0;
let hasNames = false;

function drawSide(place, side, number) {
  const words = (place.scores.find((one) => Number(one.score) === Number(side.score)) || {}).words || "";
  return make("div", { class: "side" }, make("strong", {}, hasNames ? showText(side.appraiser) : `appraiser ${number + 1}`), `: ${side.score} `, showText(words),
    side.note ? make("p", { class: "note" }, showText(side.note)) : null);
}

function drawPlace(place, number) {
  const classes = ["item", place.settled ? "scored" : "", number === current ? "current" : ""].filter(Boolean).join(" ");
  const choices = place.scores.map((one, at) => button("settle", `${one.words || one.score}`, String(at + 1),
    { "data-place": number, "data-score": one.score, "aria-pressed": String(Boolean(place.settled) && Number(place.settled.score) === Number(one.score)) }));
  const facts = [place.source_id, place.title, place.publisher].filter(Boolean).map((fact) => make("span", {}, showText(fact)));
  return make("li", { class: classes, "aria-current": number === current ? "true" : null },
    make("h2", {}, `${place.item} · `, showText(place.question)),
    make("p", { class: "facts" }, facts, place.url ? make("a", { href: place.url, target: "_blank", rel: "noopener noreferrer" }, "live page") : null),
    make("div", { class: "sides" }, place.sides.map((side, at) => drawSide(place, side, at))),
    make("p", { class: "scores", role: "group", "aria-label": `Settle ${place.item} of ${place.source_id}` }, choices,
      place.settled ? button("note", place.settled.note ? "Change the note" : "Note", "e", { class: "plain", "data-place": number }) : null),
    place.settled && place.settled.note ? make("p", { class: "note" }, showText(place.settled.note)) : null);
}

function draw() {
  find("places").replaceChildren(...places.map(drawPlace));
  const nSettled = places.filter((place) => place.settled).length;
  if (places.length) find("progress").textContent = `${nSettled} of ${places.length} settled`;
  document.querySelector('[data-do="undo"]').disabled = !(places[current] && places[current].can_undo);
}

function goTo(number) {
  current = Math.min(Math.max(number, 0), places.length - 1);
  draw();
  const marked = document.querySelector(".item.current");
  if (marked) marked.scrollIntoView({ block: "nearest" });
}

function goOn() {
  const order = [...places.keys()].map((at) => (current + 1 + at) % places.length);
  const next = order.find((at) => !places[at].settled);
  return next === undefined ? say("Everything is settled.") : goTo(next);
}

async function load() {
  const found = await ask("places");
  if (!found) return null;
  ({ places } = found);
  if (!found.is_open) find("progress").textContent = "Nothing is shown here until all who appraise have scored every source by all questions.";
  else if (!places.length) find("progress").textContent = "Nowhere do appraisers differ on a source that all of them are through with.";
  draw();
  return found;
}

function decide(number, decision, describe) {
  const { source_id: sourceId, item } = places[number];
  return take(async () => {
    const answer = await send("places", { ...decision, source_id: sourceId, item, version: places[number].version }, { showAnew: load, describe });
    if (!answer) return null;
    places[number] = answer;
    draw();
    return answer;
  });
}

async function settle(number, score) {
  const place = places[number];
  if (place.settled && Number(place.settled.score) === Number(score)) return goOn();
  current = number;
  const decision = { kind: "settle", score, note: place.settled ? place.settled.note : "" };
  const answer = await decide(number, decision, () => `${place.item} of ${place.source_id} is ${score}`);
  if (answer && current === number) goOn();
}

function note(number) {
  if (!places[number] || !places[number].settled) return say("Settle it first: a note says why.");
  current = number;
  find("noting-title").textContent = `Note on ${places[number].item} of ${places[number].source_id}`;
  find("note").value = places[number].settled.note;
  return open("noting", "note");
}

async function saveNote() {
  const { settled, item } = places[current], words = find("note").value.trim();
  find("noting").close();
  if (words !== settled.note) await decide(current, { kind: "settle", score: settled.score, note: words }, () => `the note on ${item}`);
}

async function undo() {
  if (places[current] && places[current].can_undo) await decide(current, { kind: "undo" }, (place) => `${place.item} of ${place.source_id} is as it was before`);
}

function showNames() {
  hasNames = !hasNames;
  document.querySelector('[data-do="names"]').setAttribute("aria-pressed", String(hasNames));
  draw();
}

const DO = {
  undo, names: showNames, keys: () => open("keys"), close: () => openDialog().close(), "save-note": saveNote,
  settle: (one) => settle(Number(one.dataset.place), one.dataset.score), note: (one) => note(Number(one.dataset.place)),
};
const PRESSED = {
  j: () => goTo(current + 1), k: () => goTo(current - 1), n: goOn, e: () => note(current), u: undo, h: showNames, "?": () => open("keys"),
};

document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-do]");
  if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
});
document.addEventListener("keydown", (event) => {
  if (openDialog()) {
    if (event.key === "Enter" && event.ctrlKey && openDialog().id === "noting") saveNote();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const score = places[current] && /^[1-9]$/.test(event.key) ? places[current].scores[Number(event.key) - 1] : null;
  const action = score ? () => settle(current, score.score) : PRESSED[event.key];
  if (!action || (!places.length && event.key !== "?")) return;
  event.preventDefault();
  action();
});

async function start() {
  const found = await load();
  if (!found) return;
  setPerson(found.person);
  listKeys(KEYS);
  find("study").append(...showText(found.title));
  find("who").textContent = found.person ? showPlain(found.person) : "looking only";
  document.title = `Settling appraisals · ${showPlain(found.title)}`;
  goTo(Math.max(0, places.findIndex((place) => !place.settled)));
}

start();
