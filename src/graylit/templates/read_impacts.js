// Reading impacts a second time: the attribute by a digit, the direction by a key, and the next one.
"use strict";

const { find, make, showText, showPlain, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["1 … 9, 0", "the first, … tenth attribute"],
  ["s", "it is strengthened: saved, and the next impact"],
  ["t", "it is strained: saved, and the next impact"],
  ["n", "the places show no impact: saved, and the next impact"],
  ["r", "a reason, saved with the reading; Esc leaves it"],
  ["j  k", "read on, read back"],
  ["u  or  Ctrl+Z", "undo your last reading"],
  ["?", "these keys"],
];
const take = makeLine();
let study;
let state = null;
let attribute = "";
let isBusy = false; // while a reading is saved the next impact is not seen yet, so no key decides on it

function drawPlace(place) {
  const around = (part) => (part ? make("p", { class: "around", dir: "auto" }, showText(part)) : null);
  return make("section", { class: "read", "aria-label": place.place_id },
    make("h2", {}, showText([place.place_id, ...place.headings].join(" › "))),
    place.lack ? make("p", { class: "soft" }, `No words to show: ${place.lack}.`) : null,
    around(place.before),
    make("p", { class: "words", dir: "auto" }, place.parts.map((part) => (part.coding_ids.length ? make("mark", {}, showText(part.words)) : showText(part.words)))),
    around(place.after),
    place.url ? make("p", {}, make("a", { href: place.url, target: "_blank", rel: "noopener noreferrer" }, "live page")) : null);
}

function drawAttributes() {
  find("attributes").replaceChildren(...study.attributes.map(([name, words], at) => make("li", {},
    make("button", { type: "button", "data-do": "attribute", "data-attribute": name, "aria-pressed": String(name === attribute), disabled: !state?.impact },
      showText(name), at < 10 ? [" ", make("kbd", {}, String((at + 1) % 10))] : "", words ? make("span", { class: "soft" }, showText(words)) : null))));
}

function draw() {
  const one = state.impact;
  attribute = "";
  drawAttributes();
  document.querySelector("[data-do=undo]").disabled = !state.undo;
  find("left").textContent = `${state.n_left.toLocaleString("en")} left · ${state.n_done.toLocaleString("en")} read`;
  for (const element of document.querySelectorAll(".verdicts button")) element.disabled = !one;
  find("note").value = "";
  if (!one) {
    find("candidate").replaceChildren(make("h1", {}, "Nothing is left to read."), make("p", {}, make("a", { href: "../" }, "What is left for you")));
    find("words").replaceChildren();
    return;
  }
  find("candidate").replaceChildren(make("h1", {}, showText(one.component)), make("p", { class: "decision" }, showText(one.decision)),
    make("p", { class: "soft" }, "Which quality attribute of this component do the places speak of, and which way?"));
  find("words").replaceChildren(...one.places.map(drawPlace));
  find("content").scrollTop = 0;
  find("content").focus({ preventScroll: true });
}

async function show() {
  const found = await ask("next");
  if (!found) return;
  state = found;
  draw();
}

async function decide(decision, about = state?.impact) {
  if (!about || isBusy) return;
  isBusy = true;
  await take(async () => {
    const asked = { ...decision, impact_id: about.impact_id, version: about.version };
    const answer = await send("next", asked, { showAnew: show, describe: (body) => `${body.said} on ${body.impact_id}` });
    if (!answer) return null;
    state = answer;
    draw();
    return answer;
  });
  isBusy = false;
}

function read(effect) {
  if (!attribute) say("Choose the attribute first, by its digit or a click.");
  else decide({ kind: "shown", quality_attribute: attribute, effect, reason: find("note").value });
}

function chooseAttribute(name) {
  if (!name || !state?.impact) return;
  attribute = name;
  drawAttributes();
  say("");
}

const scroll = (by) => find("content").scrollBy({ top: by * 0.8 * find("content").clientHeight });
const DO = {
  undo: () => { if (state?.undo) decide({ kind: "undo" }, state.undo); },
  keys: () => open("keys"), close: () => openDialog().close(),
  attribute: (one) => chooseAttribute(one.dataset.attribute),
  strengthened: () => read("strengthened"), strained: () => read("strained"),
  not_shown: () => decide({ kind: "not_shown", reason: find("note").value }),
};
const PRESSED = { s: DO.strengthened, t: DO.strained, n: DO.not_shown, u: DO.undo, r: () => find("note").focus(), j: () => scroll(1), k: () => scroll(-1), "?": DO.keys };

function press(event) {
  if (openDialog() || !study) return;
  if (event.target === find("note")) {
    if (event.key === "Escape") find("content").focus();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    event.preventDefault();
    DO.undo();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = /^[0-9]$/.test(event.key) ? (Number(event.key) + 9) % 10 : -1;
  const action = at >= 0 ? () => chooseAttribute(study.attributes[at]?.[0]) : PRESSED[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

async function start() {
  study = await ask("study");
  if (!study) return;
  setPerson(study.person);
  listKeys(KEYS);
  find("study").append(...showText(study.title));
  find("who").textContent = `second reader ${showPlain(study.person)}`;
  document.title = `Reading impacts · ${showPlain(study.title)}`;
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-do]");
    if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
  });
  await show();
}

start();
