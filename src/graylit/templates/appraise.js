// Appraising: a source's text beside the questions of the checklist, one key for each score. What the page shows as a
// score is what the server says the table holds.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["1 2 3 …", "give the score with this number to the current question, and go to the next open one"],
  ["j  k", "next, previous question"],
  ["n", "next question without a score; after the last one the next source that has any"],
  ["]  [", "next, previous source"],
  ["e", "write a note on the current question, which has a score"],
  ["u", "undo the last decision on this source"],
  ["g", "find a source"],
  ["t", "to the text; arrows scroll it"],
  ["?", "these keys"],
];
const take = makeLine();
let study = null; // the questions and the sources
let here = null; // the source in view: its row, its text, the scores
let current = 0; // the number of the current question

const tellCount = (source) => (source.n_scored === study.items.length ? "✓" : `${source.n_scored}/${study.items.length}`);
const givenTo = (item) => here.scores.given[item.item];

// Drawing -----------------------------------------------------------------------------------------------------------

function drawSources() {
  const wanted = find("source-filter").value.trim().toLowerCase();
  const fits = (one) => `${one.source_id} ${one.title} ${one.publisher}`.toLowerCase().includes(wanted);
  find("sources").replaceChildren(...study.sources.filter(fits).map((one) => make("li", {},
    make("a", { href: `#${one.source_id}`, "aria-current": here && one.source_id === here.source.source_id ? "true" : null },
      make("span", {}, one.source_id), make("span", { class: one.n_scored === study.items.length ? "count done" : "count" }, tellCount(one)),
      make("span", { class: "title" }, showText(one.title))))));
  const nDone = study.sources.filter((one) => one.n_scored === study.items.length).length;
  find("total").textContent = `${nDone} of ${study.sources.length} sources appraised`;
}

function drawHead() {
  const { source } = here;
  const facts = [source.source_id, source.publisher, source.source_type.replaceAll("-", " "), source.published].filter(Boolean);
  find("head").replaceChildren(make("h1", {}, showText(source.title)), make("p", { class: "facts" }, facts.map((fact) => make("span", {}, showText(fact))),
    source.url ? make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, "live page") : null));
}

function drawText() {
  const parts = [];
  let above = "";
  for (const segment of here.segments) {
    const heading = segment.headings.at(-1) || "";
    if (heading && heading !== above) parts.push(make("h2", {}, showText(heading)));
    above = heading;
    parts.push(make("p", { class: segment.kind === "paragraph" || segment.kind === "list" ? null : "fixed" }, showText(segment.words)));
  }
  const lack = `Its text is not here: ${here.source.lack || "none was made"}. Use the live page.`;
  find("text").replaceChildren(...(parts.length ? parts : [make("p", { class: "soft" }, lack)]));
  find("text").scrollTop = find("content").scrollTop = 0;
}

function drawItem(item, number) {
  const given = givenTo(item);
  const classes = ["item", given ? "scored" : "", number === current ? "current" : ""].filter(Boolean).join(" ");
  const choices = item.scores.map((one, at) => button("score", `${one.words || one.score}`, String(at + 1),
    { "data-item": number, "data-score": one.score, "aria-pressed": String(Boolean(given) && given.score === one.score) }));
  return make("li", { class: classes, id: `item-${item.item}`, "aria-current": number === current ? "true" : null },
    make("p", { class: "asks" }, make("span", { class: "area" }, `${item.item} · `, showText(item.area)), make("br"), showText(item.question)),
    make("p", { class: "scores", role: "group", "aria-label": `Scores of ${item.item}` }, choices,
      given ? button("note", given.note ? "Change the note" : "Note", "e", { class: "plain", "data-item": number }) : null),
    given && given.note ? make("p", { class: "note" }, showText(given.note)) : null);
}

function drawItems() {
  find("items").replaceChildren(...study.items.map(drawItem));
  const nScored = study.items.filter(givenTo).length;
  find("progress").textContent = `${nScored} of ${study.items.length} questions scored; keys score the marked one`;
  document.querySelector('[data-do="undo"]').disabled = !here.scores.can_undo;
  here.source.n_scored = nScored;
  drawSources();
}

function goTo(number) {
  current = Math.min(Math.max(number, 0), study.items.length - 1);
  drawItems();
  document.querySelector(".item.current").scrollIntoView({ block: "nearest" });
}

function findOpen(after) {
  const order = [...study.items.keys()].map((at) => (after + at) % study.items.length);
  return order.find((at) => !givenTo(study.items[at]));
}

function goOn() {
  const next = findOpen(current + 1);
  if (next !== undefined) return goTo(next);
  const at = study.sources.indexOf(here.source);
  const order = [...study.sources.slice(at + 1), ...study.sources.slice(0, at)];
  const left = order.find((one) => one.n_scored < study.items.length);
  return left ? show(left.source_id) : say("All sources are appraised. What you gave can still be changed.");
}

async function show(sourceId) {
  const source = study.sources.find((one) => one.source_id === sourceId) || study.sources[0];
  const found = await ask(`sources/${source.source_id}`);
  if (!found) return;
  here = { source, segments: found.segments, scores: found.scores };
  if (location.hash !== `#${source.source_id}`) history.replaceState(null, "", `#${source.source_id}`);
  say("");
  drawHead();
  drawText();
  current = 0;
  const open = findOpen(0);
  goTo(open === undefined ? 0 : open);
}

// Deciding ----------------------------------------------------------------------------------------------------------

async function showAnew() {
  const found = await ask(`sources/${here.source.source_id}`);
  if (found) here.scores = found.scores;
  drawItems();
}

function decide(sourceId, decision, describe) {
  return take(async () => {
    if (here.source.source_id !== sourceId) return {};
    const answer = await send(`sources/${sourceId}`, { ...decision, version: here.scores.version }, { showAnew, describe });
    if (!answer) return null;
    here.scores = answer.scores;
    drawItems();
    return answer;
  });
}

async function give(number, score) {
  const item = study.items[number], { source } = here, given = givenTo(item);
  if (given && given.score === score) return goOn();
  current = number;
  const decision = { kind: "score", item: item.item, score, note: given ? given.note : "" };
  const answer = await decide(source.source_id, decision, () => `${item.item} of ${source.source_id} is ${score}`);
  if (answer && here.source === source && current === number) goOn();
}

function note(number) {
  const item = study.items[number], given = givenTo(item);
  if (!given) return say(`Score ${item.item} first: a note says why.`);
  current = number;
  find("noting-title").textContent = `Note on ${item.item} of ${here.source.source_id}`;
  find("note").value = given.note;
  return open("noting", "note");
}

async function saveNote() {
  const item = study.items[current], given = givenTo(item), words = find("note").value.trim();
  find("noting").close();
  if (words !== given.note) {
    await decide(here.source.source_id, { kind: "score", item: item.item, score: given.score, note: words }, () => `the note on ${item.item}`);
  }
}

async function undo() {
  if (!here.scores.can_undo) return;
  const answer = await decide(here.source.source_id, { kind: "undo" }, (body) => `${body.item} is as it was before`);
  if (answer && answer.item) goTo(study.items.findIndex((item) => item.item === answer.item));
}

function step(by) {
  const at = study.sources.indexOf(here.source) + by;
  if (study.sources[at]) show(study.sources[at].source_id);
}

const DO = {
  undo, keys: () => open("keys"), close: () => openDialog().close(), "save-note": saveNote,
  score: (one) => give(Number(one.dataset.item), one.dataset.score), note: (one) => note(Number(one.dataset.item)),
};
const PRESSED = {
  j: () => goTo(current + 1), k: () => goTo(current - 1), n: goOn, "]": () => step(1), "[": () => step(-1), e: () => note(current), u: undo,
  g: () => find("source-filter").focus(), t: () => find("text").focus(), "?": () => open("keys"),
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
  if (event.target.id === "source-filter") {
    const first = find("sources").querySelector("a");
    if (event.key === "Enter" && first) show(first.getAttribute("href").slice(1));
    if (event.key === "Enter" || event.key === "Escape") event.target.blur();
    return;
  }
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const score = /^[1-9]$/.test(event.key) ? study.items[current].scores[Number(event.key) - 1] : null;
  const action = score ? () => give(current, score.score) : PRESSED[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
find("source-filter").addEventListener("input", drawSources);
window.addEventListener("hashchange", () => show(location.hash.slice(1)));

async function start() {
  study = await ask("study");
  if (!study) return;
  setPerson(study.person);
  listKeys(KEYS);
  find("study").append(...showText(study.title));
  find("who").textContent = showPlain(study.person);
  document.title = `Appraising · ${showPlain(study.title)}`;
  const left = study.sources.find((one) => one.n_scored < study.items.length) || study.sources[0];
  await show(location.hash.slice(1) || left.source_id);
}

start();
