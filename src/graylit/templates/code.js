// The coding page.
"use strict";

const { find, make, showText, showPlain, button, keep, ask, say, open, typePerson } = window.desk;
const KEYS = [
  ["j  k", "next segment, segment before"],
  ["n", "next segment without a decision"],
  ["Enter", "no code fits: leave the segment and go on (where it has codes: go on)"],
  ["r", "reopen a segment that was left without a code"],
  ["/  or  c", "find a code; ↓ ↑ choose, Enter gives it, Esc leaves"],
  ["Alt+L  Alt+M  Alt+H", "while finding a code: give it with low, medium or high confidence"],
  ["Shift+Enter", "while finding a code: give it with a memo"],
  ["1 … 9", "give a code that you used in this source before"],
  ["N", "make a new code (where you may); while finding a code: Alt+N"],
  ["w", "choose words with the keys: ← → move, Shift+→ Shift+← more or fewer, Esc none"],
  ["e", "change the last coding of the segment: code, memo, confidence"],
  ["x", "remove the last coding of the segment"],
  ["u  or  Ctrl+Z", "undo your last decision on this source"],
  ["U  or  Ctrl+Y", "take the undone decision again"],
  ["s", "show what the model suggests, before you have decided"],
  ["v", "one segment at a time, or running text"],
  ["f", "find words in all sources"],
  ["g", "find a source"],
  ["J  K  or  ]  [", "next source, source before"],
  ["F", "finish the source"],
  ["?", "these keys"],
];
const STANDINGS = { coded: "coded", left: "read, no code fits", open: "no decision yet" };

let study; // codes and sources
let source = null; // what is being read: {source_id, url, segments, decisions}
let at = 0; // index of the current segment
let chosen = null; // words of the current segment that a code is to go to: {start, end} in UTF-16 units
let picked = ""; // the code chosen in the codebook
let editing = null; // what the editor is about: a coding, or a code that is to be given
const asked = new Map(); // suggestions shown, by segment
const takeInTurn = window.desk.makeLine();

// Places are counted in code points by the tables, in UTF-16 units by the browser.
const toUnits = (words, points) => Array.from(words).slice(0, points).join("").length;
const toPoints = (words, units) => Array.from(words.slice(0, units)).length;

// Deciding, one after another ---------------------------------------------------------------------------------------

// Sends a decision when those before it are through. `isStill` says whether it is to be taken then; else there is nothing to save.
function decide(decision, isStill = () => true) {
  const about = source;
  return takeInTurn(() => (isStill() ? send(about, decision) : {}));
}

async function send(about, decision) {
  const body = await window.desk.send(`sources/${about.source_id}`, { ...decision, version: about.decisions.version }, {
    showAnew: () => openSource(about.source_id, source.segments[at]?.segment_id),
    describe: (answer) => describe(decision, answer.segment_id || about.source_id),
  });
  if (!body) return null;
  about.decisions = body.decisions;
  setProgress(body.decisions.progress);
  if (about === source) {
    redraw();
    showSuggestions(false, source.segments.find((one) => one.segment_id === body.segment_id));
  }
  return body;
}

function describe(decision, place) {
  const words = { give: `${decision.code_id} on`, change: "change on", remove: "removal on", leave: "no code on",
    reopen: "reopened", undo: "undone on", redo: "taken again on", finish: "finished" };
  return `${words[decision.kind]} ${place}`;
}

// Sources -----------------------------------------------------------------------------------------------------------

function drawSources() {
  const wanted = find("source-filter").value.toLowerCase();
  const shown = study.sources.filter((one) => `${one.source_id} ${one.title} ${one.publisher}`.toLowerCase().includes(wanted));
  find("sources").replaceChildren(...shown.map(drawSource));
  drawTotal();
}

function drawTotal() {
  const readable = study.sources.filter((one) => !one.lack);
  const lacking = study.sources.length - readable.length;
  find("total").textContent = `${readable.filter((one) => one.is_finished).length} of ${graylit.countThings(readable.length, "source")} finished` +
    (lacking ? `; ${lacking} without text here` : "");
}

function drawSource(one) {
  const count = one.lack ? "no text here" : one.is_finished ? "✓ finished" : study.has_texts ? `${one.n_decided} of ${one.n_segments}`
    : one.n_codings ? graylit.countThings(one.n_codings, "coding") : "open";
  const isCurrent = source?.source_id === one.source_id;
  return make("li", { id: `of-${one.source_id}` }, make("a", { href: `#${one.source_id}`, "aria-current": isCurrent ? "true" : null },
    make("strong", {}, one.source_id),
    make("span", { class: one.is_finished ? "count done" : "count" }, count),
    make("span", { class: "title" }, showText(one.title)),
    one.lack || one.is_finished || !study.has_texts ? null : drawProgress(one)));
}

// Takes in how far the coder is with a source: a study may have thousands, so only this one is drawn anew.
function setProgress(one) {
  study.sources[study.sources.findIndex((known) => known.source_id === one.source_id)] = one;
  find(`of-${one.source_id}`)?.replaceWith(drawSource(one));
  drawTotal();
}

const drawProgress = (one) =>
  make("progress", { max: Math.max(1, one.n_segments), value: one.n_decided, "aria-label": `decided in ${one.source_id}` });

async function openSource(source_id, segment_id = "") {
  const found = await ask(`sources/${source_id}`);
  if (!found) return;
  source = { source_id, ...found };
  asked.clear();
  chosen = null;
  const open = source.segments.findIndex((one) => standingOf(one) === "open");
  const wanted = source.segments.findIndex((one) => one.segment_id === segment_id);
  at = wanted >= 0 ? wanted : Math.max(0, open);
  const before = document.querySelector("#sources [aria-current]");
  before?.removeAttribute("aria-current");
  setProgress(found.decisions.progress);
  find("segments").replaceChildren(...source.segments.map(() => make("section", { class: "segment", tabindex: "-1" })));
  redraw();
  goTo(at);
  document.querySelector("#sources [aria-current]")?.scrollIntoView({ block: "nearest" });
}

// The source that is read -------------------------------------------------------------------------------------------

function redraw() {
  drawHead();
  drawLoose();
  source.segments.forEach(drawSegment);
  drawCodes();
  for (const what of ["undo", "redo"]) document.querySelector(`[data-do=${what}]`).disabled = !source.decisions[`can_${what}`];
}

function drawHead() {
  const one = source.decisions.progress;
  const facts = [one.source_id, one.publisher, one.source_type, one.published, `round ${source.decisions.round}`];
  const count = study.has_texts && !one.lack ? `${one.n_decided} of ${graylit.countThings(one.n_segments, "segment")} decided` : graylit.countThings(one.n_codings, "coding");
  const finish = one.lack ? null : one.is_finished ? make("strong", { class: "good" }, "✓ finished") : button("finish", "Finish the source", "F");
  const link = source.url ? make("a", { href: source.url, rel: "noreferrer noopener", target: "_blank" }, "the live page") : null;
  find("head").replaceChildren(
    make("h1", {}, showText(one.title)),
    make("p", { class: "facts" }, facts.filter(Boolean).map((fact) => make("span", {}, showText(fact))), link, make("span", {}, count), finish),
    one.lack || !study.has_texts ? "" : drawProgress(one),
    one.lack ? explainLack(one) : "");
}

function explainLack(one) {
  return make("div", { class: "notice" },
    make("p", {}, `The text of ${one.source_id} is missing: ${one.lack}.`),
    make("p", {}, "To get it: ", make("code", {}, "graylit collect --all"), " captures pages from the live web; ",
      make("code", {}, `graylit desk --as ${typePerson()} --archive file.warc.gz`), " takes them from a WARC file that you have. ",
      "Then start this page again. Sources with a text can be coded meanwhile."));
}

// Codings without a segment: of the whole source, those whose words are gone, and those whose words are not here.
function drawLoose() {
  const loose = source.decisions.codings.filter((one) => !one.segment_id);
  const group = (title, codings) =>
    make("section", { class: "segment current" }, make("h2", {}, title), make("ul", { class: "given" }, codings.map((one) => drawCoding(one, null))));
  const whole = loose.filter((one) => one.start === null && !one.lost);
  const lost = loose.filter((one) => one.lost);
  const away = loose.filter((one) => one.start !== null);
  find("loose").replaceChildren(
    whole.length || !study.has_texts ? group("The source as a whole", whole) : "",
    lost.length ? group("Codings whose words are gone: give the code anew where it belongs, then remove these", lost) : "",
    away.length ? group("Your codings of this source; their words are not here", away) : "");
}

const codingsOf = (segment) => source.decisions.codings.filter((one) => one.segment_id === segment.segment_id);

function standingOf(segment) {
  if (codingsOf(segment).length) return "coded";
  const isLeft = source.decisions.left.includes(segment.segment_id) || source.decisions.progress.is_finished;
  return isLeft ? "left" : "open";
}

function drawSegment(segment, i) {
  const element = find("segments").children[i];
  const standing = standingOf(segment);
  const isCurrent = i === at;
  const place = [i, isCurrent, Math.abs(i - at) === 1, standing, isCurrent && chosen, codingsOf(segment), asked.get(segment.segment_id)];
  if (element.drawn === JSON.stringify(place)) return;
  element.drawn = JSON.stringify(place);
  element.id = segment.segment_id;
  element.className = ["segment", segment.kind, standing === "open" ? "" : "decided", isCurrent ? "current" : "", place[2] ? "near" : ""].join(" ");
  element.setAttribute("aria-label", `Segment ${i + 1} of ${source.segments.length}, ${STANDINGS[standing]}`);
  const isSame = String(segment.headings) === String(source.segments[i - 1]?.headings);
  const path = segment.headings.filter((heading, depth) => depth || !isTitle(heading));
  element.replaceChildren(
    path.length ? make("h2", { class: isSame ? "same" : null }, showText(path.join(" › "))) : "",
    make("div", { class: "bar" }, make("span", {}, `${i + 1} of ${source.segments.length}`), segment.post ? make("span", {}, segment.post) : null,
      make("span", {}, STANDINGS[standing]),
      isCurrent && standing === "left" && !source.decisions.progress.is_finished ? button("reopen", "Reopen", "r", { class: "plain" }) : null,
      isCurrent && standing === "open" ? button("leave", "No code fits", "Enter", { class: "plain" }) : null),
    make("div", { class: "words", dir: "auto" }, drawWords(segment, isCurrent)),
    make("ul", { class: "given" }, codingsOf(segment).map((one) => drawCoding(one, segment))),
    drawSuggestions(segment, isCurrent, place[2]));
}

const isTitle = (heading) => plain(heading) === plain(source.decisions.progress.title);
const plain = (words) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// The words with the parts that have a code of their own, and those that were chosen for one.
function drawWords(segment, isCurrent) {
  const parts = codingsOf(segment).filter((one) => isPart(one, segment)).map((one) => ({
    start: toUnits(segment.words, one.start - segment.start), end: toUnits(segment.words, one.end - segment.start), coding_id: one.coding_id }));
  if (isCurrent && chosen) parts.push({ ...chosen, coding_id: "" });
  const edges = [...new Set([0, segment.words.length, ...parts.flatMap((part) => [part.start, part.end])])].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => {
    const inside = parts.filter((part) => part.start < end && part.end > edges[i]);
    const words = showText(segment.words.slice(edges[i], end));
    if (!inside.length) return words;
    const isChosen = inside.some((part) => !part.coding_id);
    return make("mark", { class: isChosen ? "chosen" : null, "data-codings": inside.map((part) => part.coding_id).join(" ") }, words);
  });
}

const isPart = (one, segment) => one.start > segment.start || one.end < segment.start + Array.from(segment.words).length;

function drawCoding(one, segment) {
  const words = segment && isPart(one, segment) ? ["on “", showText(shorten(segment, one)), "”"] : [];
  const own = { class: "plain", "data-coding": one.coding_id };
  return make("li", { "data-coding": one.coding_id },
    make("span", { class: "chip" }, make("strong", {}, one.code_id), showText(one.name)),
    one.is_retired ? make("span", { class: "weak" }, "retired") : null,
    one.confidence ? make("span", { class: "tag" }, `${one.confidence} confidence`) : null,
    words.length ? make("span", { class: "soft" }, words) : null,
    !segment && one.start !== null ? make("span", { class: "soft" }, `characters ${one.start}–${one.end}`) : null,
    one.lost ? make("span", { class: "weak" }, `its words are gone: ${one.lost}`) : null,
    button("edit", "Change", "e", own), button("remove", "Remove", "x", own),
    one.memo ? make("p", { class: "memo" }, showText(one.memo)) : null);
}

function shorten(segment, one) {
  const words = Array.from(segment.words).slice(one.start - segment.start, one.end - segment.start).join("");
  return words.length > 60 ? `${words.slice(0, 40)} … ${words.slice(-16)}` : words;
}

function goTo(i) {
  if (!source.segments.length) return find("content").focus();
  const before = at;
  at = Math.min(Math.max(i, 0), source.segments.length - 1);
  if (at !== before) chosen = null;
  source.segments.forEach(drawSegment);
  drawTarget();
  const element = find("segments").children[at];
  const isOne = find("segments").classList.contains("one");
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: isOne ? "nearest" : "center" });
  if (isOne) find("content").scrollTop = Math.min(find("content").scrollTop, element.offsetTop - find("content").offsetTop - 60);
  history.replaceState(null, "", `#${source.segments[at].segment_id}`);
  document.title = `${source.segments[at].segment_id} · coder ${study.coder}`;
  showSuggestions(false);
}

// Codes -------------------------------------------------------------------------------------------------------------

function rankCodes() {
  const wanted = find("picker").value.toLowerCase().split(/\s+/).filter(Boolean);
  const used = source?.decisions.used ?? [];
  const weigh = (code) => {
    const name = `${code.code_id} ${code.name}`.toLowerCase();
    const rest = `${code.definition} ${code.include_when}`.toLowerCase();
    if (!wanted.every((word) => name.includes(word) || rest.includes(word))) return -1;
    return wanted.filter((word) => name.includes(word)).length + wanted.filter((word) => code.code_id.toLowerCase() === word).length;
  };
  const placed = study.codes.map((code, i) => ({ code, i, weight: weigh(code), digit: used.indexOf(code.code_id) }));
  const first = (one) => (!wanted.length && one.digit >= 0 ? one.digit : used.length);
  return placed.filter((one) => one.weight >= 0).sort((a, b) => b.weight - a.weight || first(a) - first(b) || a.i - b.i);
}

function drawCodes() {
  const ranked = rankCodes();
  if (!ranked.some((one) => one.code.code_id === picked)) picked = ranked[0]?.code.code_id ?? "";
  find("codes").replaceChildren(...ranked.map(({ code, digit }) =>
    make("li", { role: "option", id: `code-${code.code_id}`, "aria-selected": String(code.code_id === picked) },
      make("span", { class: "digit" }, digit >= 0 && digit < 9 ? String(digit + 1) : ""),
      make("span", { class: "id" }, code.code_id), make("span", {}, showText(code.name)))));
  find("picker").setAttribute("aria-activedescendant", picked ? `code-${picked}` : "");
  find(`code-${picked}`)?.scrollIntoView({ block: "nearest" });
  drawMeaning();
  drawTarget();
}

function drawMeaning() {
  const code = study.codes.find((one) => one.code_id === picked);
  if (!code) return find("meaning").replaceChildren(make("p", {}, study.codes.length ? `No code matches.${study.can_make_codes ? " Alt+N makes a new one." : ""}` : "The codebook has no code in use."));
  const part = (title, words) => (words ? [make("h3", {}, title), make("p", {}, showText(words))] : []);
  const given = [button("give", "Give", "", { class: "strong" }), button("low", "low"), button("medium", "medium"), button("high", "high"),
    button("noting", "memo …")];
  const hint = ["Enter gives it; Alt+L, Alt+M, Alt+H with low, medium, high confidence; Shift+Enter with a memo."];
  find("meaning").replaceChildren(make("h2", {}, `${code.code_id} `, showText(code.name)), make("div", { class: "give" }, given),
    make("p", { class: "hint" }, hint), make("p", {}, showText(code.definition)), ...part("Give it when", code.include_when), ...part("Do not give it when", code.exclude_when));
}

function drawTarget() {
  const segment = source?.segments[at];
  const words = segment && chosen ? make("strong", {}, `the ${graylit.countThings(graylit.cutWords(segment.words.slice(chosen.start, chosen.end)).length, "chosen word")}`) : "";
  const place = segment ? `segment ${at + 1}` : source && !study.has_texts ? "the source as a whole" : "";
  find("target").replaceChildren(...(place ? ["A code goes to ", words, words ? " of " : "", place, "."] : []));
}

function pick(step) {
  const ranked = rankCodes().map((one) => one.code.code_id);
  picked = ranked[Math.min(Math.max(ranked.indexOf(picked) + step, 0), ranked.length - 1)] ?? "";
  drawCodes();
}

function give(code_id, confidence = "", memo = "") {
  if (!source || !code_id) return null;
  const segment = source.segments[at];
  if (!segment && study.has_texts) return say("There is no text here to code.");
  const place = segment ? { segment_id: segment.segment_id } : {};
  if (segment && chosen) {
    place.start = String(segment.start + toPoints(segment.words, chosen.start));
    place.end = String(segment.start + toPoints(segment.words, chosen.end));
  }
  chosen = null;
  find("picker").value = "";
  drawCodes();
  goTo(at); // the keys work on the segment again
  return decide({ kind: "give", code_id, confidence, memo, ...place });
}

// Deciding ----------------------------------------------------------------------------------------------------------

async function leave() {
  const segment = source.segments[at];
  if (!segment) return;
  const about = source;
  const isLast = at === source.segments.length - 1;
  const saving = decide({ kind: "leave", segment_id: segment.segment_id }, () => about === source && standingOf(segment) === "open");
  if (!isLast) goTo(at + 1);
  const answer = await saving;
  if (about !== source) return;
  if (!answer) return goTo(source.segments.indexOf(segment));
  if (!isLast) return;
  const open = source.segments.filter((one) => standingOf(one) === "open").length;
  goTo(at);
  if (!source.decisions.progress.is_finished) {
    say(open ? `That was the last segment; ${open} ${open === 1 ? "has" : "have"} no decision yet (n goes to the next of them).` : "That was the last segment, and all have a decision. F finishes the source.");
  }
}

function goToOpen() {
  const order = source.segments.map((_, i) => (at + 1 + i) % source.segments.length);
  const next = order.find((i) => standingOf(source.segments[i]) === "open");
  if (next === undefined) say("Every segment of this source has a decision.");
  else goTo(next);
}

async function takeBack(kind) {
  const answer = await decide({ kind });
  if (!answer) return;
  const i = source.segments.findIndex((one) => one.segment_id === answer.segment_id);
  if (i >= 0) goTo(i);
}

function codingOf(element) {
  const named = element?.closest?.("[data-coding]")?.dataset.coding;
  const here = source.segments[at] ? codingsOf(source.segments[at]) : source.decisions.codings;
  return source.decisions.codings.find((one) => one.coding_id === named) ?? here[here.length - 1];
}

async function remove(one) {
  if (one && (await decide({ kind: "remove", coding_id: one.coding_id }))) goTo(at);
}

function openEditor(about, message = "") {
  if (!about) return;
  find("editor-notice").textContent = message;
  editing = about;
  const codes = study.codes.map((code) => [code.code_id, `${code.code_id} ${showPlain(code.name)}`]);
  if (!study.codes.some((code) => code.code_id === about.code_id)) codes.unshift([about.code_id, `${about.code_id} (retired)`]);
  find("editor-code").replaceChildren(...codes.map(([id, words]) => make("option", { value: id, selected: id === about.code_id }, words)));
  find("editor-title").textContent = about.coding_id ? `Change ${about.coding_id}` : `Give ${about.code_id} with a memo`;
  find("editor-memo").value = about.memo;
  document.querySelector(`[name=confidence][value="${about.confidence}"]`).checked = true;
  find("editor").showModal();
  find("editor-memo").focus();
}

async function saveEditor() {
  const about = editing;
  const code_id = find("editor-code").value;
  const memo = find("editor-memo").value;
  const confidence = document.querySelector("[name=confidence]:checked").value;
  const before = chosen;
  find("editor").close();
  const answer = await (about.coding_id ? decide({ kind: "change", coding_id: about.coding_id, code_id, memo, confidence }) : give(code_id, confidence, memo));
  if (answer) return goTo(at);
  chosen = before;
  openEditor({ ...about, code_id, memo, confidence }, find("notice").textContent); // what was written is not lost
}

function openFinishing() {
  const one = source?.decisions.progress;
  if (!one || one.lack || one.is_finished) return;
  const open = source.segments.filter((segment) => standingOf(segment) === "open").length;
  find("finishing-title").textContent = `Finish ${one.source_id} in round ${source.decisions.round}?`;
  find("finishing-words").textContent = open
    ? `${open} of ${graylit.countThings(one.n_segments, "segment")} ${open === 1 ? "has" : "have"} no decision yet. Finishing says that you have read them to the end and that no code fits them.`
    : "Finishing says that you have read this source to its end.";
  find("finishing").showModal();
}

async function finish() {
  find("finishing").close();
  if (await decide({ kind: "finish" })) goTo(at);
}

// New codes ---------------------------------------------------------------------------------------------------------

const COINED = { name: "coining-name", definition: "coining-definition", include_when: "coining-include", exclude_when: "coining-exclude" };

function openCoining(name = "") {
  if (!study.can_make_codes || !source) return;
  for (const id of Object.values(COINED)) find(id).value = "";
  find("coining-name").value = name;
  find("coining-notice").textContent = "";
  open("coining", name ? "coining-definition" : "coining-name");
}

async function takeCodes() {
  const found = await ask("codes");
  if (found) Object.assign(study, found);
  drawCodes();
}

async function coin() {
  const words = Object.fromEntries(Object.entries(COINED).map(([name, id]) => [name, find(id).value]));
  const made = await takeInTurn(() => window.desk.send("codes", { ...words, version: study.codebook_version }, {
    showAnew: takeCodes, describe: (answer) => `${answer.code_id} is a code` }));
  if (!made) return (find("coining-notice").textContent = find("notice").textContent); // what was written is not lost
  find("coining").close();
  Object.assign(study, made);
  picked = made.code_id;
  find("picker").value = "";
  drawCodes();
  return focusOn("picker");
}

// Choosing words ----------------------------------------------------------------------------------------------------

function chooseSelected(event) {
  const selection = window.getSelection();
  if (selection.isCollapsed || !selection.rangeCount) {
    if (chosen && event.target.closest(".current .words")) choose(null);
    return;
  }
  const range = selection.getRangeAt(0);
  const element = range.startContainer.parentElement?.closest(".words");
  if (!element) return;
  if (!element.contains(range.endContainer)) range.setEndAfter(element.lastChild ?? element); // a triple click ends in what follows
  const i = [...find("segments").children].indexOf(element.parentElement);
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const words = source.segments[i].words.slice(start, start + range.toString().length);
  selection.removeAllRanges();
  if (!words.trim()) return;
  if (i !== at) goTo(i);
  choose(start + words.length - words.trimStart().length, start + words.trimEnd().length);
}

function choose(start, end) {
  const segment = source.segments[at];
  chosen = start === null || (start === 0 && end === segment.words.length) ? null : { start, end };
  drawSegment(segment, at);
  drawTarget();
}

function chooseWords(key, isMore) {
  const words = graylit.cutWords(source.segments[at].words);
  if (!words.length) return;
  if (!chosen) return choose(...words[0]);
  let first = words.findIndex((word) => word[1] > chosen.start);
  let last = words.findLastIndex((word) => word[0] < chosen.end);
  const step = key === "ArrowRight" ? 1 : -1;
  if (isMore) last = Math.min(Math.max(last + step, first), words.length - 1);
  else first = last = Math.min(Math.max((step > 0 ? last : first) + step, 0), words.length - 1);
  choose(words[first][0], words[last][1]);
}

// Suggestions and search --------------------------------------------------------------------------------------------

async function showSuggestions(isAsked, segment = source?.segments[at]) {
  if (!segment || (!isAsked && (standingOf(segment) === "open" || asked.has(segment.segment_id)))) return;
  const about = source;
  const found = await ask(`sources/${source.source_id}/suggestions?segment_id=${segment.segment_id}${isAsked ? "&asked=yes" : ""}`);
  if (!found || found.hidden || about !== source) return;
  asked.set(segment.segment_id, { codes: found.codes, isAsked });
  drawSegment(segment, source.segments.indexOf(segment));
}

function drawSuggestions(segment, isCurrent, isNear) {
  const found = isCurrent || isNear ? asked.get(segment.segment_id) : null;
  if (!found || (!found.codes.length && !found.isAsked)) return "";
  if (!found.codes.length) return make("p", { class: "suggested soft" }, "The model suggests nothing here.");
  const given = codingsOf(segment).map((one) => one.code_id);
  return make("p", { class: "suggested" }, "The model suggests ", found.codes.map((one) => {
    const name = study.codes.find((code) => code.code_id === one.code_id)?.name ?? "";
    return [make("strong", {}, one.code_id), " ", ...showText(name), ` (${one.score}) `,
      given.includes(one.code_id) ? "(given) " : !isCurrent ? "" : button("accept", "Give", "", { class: "plain", "data-code": one.code_id })];
  }));
}

let waiting = 0;
async function findWords() {
  const words = find("finder-words").value.trim();
  const mine = ++waiting;
  if (words.length < 2) return find("finder-hits").replaceChildren();
  const found = await ask(`search?words=${encodeURIComponent(words)}`);
  if (!found || mine !== waiting) return;
  find("finder-count").textContent = `${graylit.countThings(found.hits.length, "segment")}${found.is_cut ? " or more" : ""} with these words`;
  find("finder-hits").replaceChildren(...found.hits.map((hit) =>
    make("li", {}, make("button", { type: "button", "data-do": "show", "data-source": hit.source_id, "data-segment": hit.segment_id },
      make("strong", {}, hit.segment_id), " … ", showText(hit.before), make("mark", {}, showText(hit.found)), showText(hit.after), " …"))));
}

async function show({ source: source_id, segment }) {
  find("finder").close();
  if (source?.source_id === source_id) goTo(source.segments.findIndex((one) => one.segment_id === segment));
  else await openSource(source_id, segment);
}

// Keys and clicks ---------------------------------------------------------------------------------------------------

function stepSource(step) {
  const i = study.sources.findIndex((one) => one.source_id === source?.source_id) + step;
  if (study.sources[i]) openSource(study.sources[i].source_id);
}

function changeView() {
  const isOne = find("segments").classList.toggle("one");
  document.querySelector("[data-do=view]").setAttribute("aria-pressed", String(!isOne));
  keep((store) => store.setItem("view", isOne ? "one" : "all"));
  if (source) goTo(at);
}

const focusOn = (id) => { find(id).focus(); find(id).select(); };
const DOES = {
  undo: () => takeBack("undo"), redo: () => takeBack("redo"), view: changeView, keys: () => open("keys"),
  find: () => open("finder", "finder-words"), finish: openFinishing, finished: finish, save: saveEditor,
  close: (element) => element.closest("dialog").close(), leave,
  reopen: () => decide({ kind: "reopen", segment_id: source.segments[at].segment_id }).then(() => goTo(at)),
  give: () => give(picked), low: () => give(picked, "low"), medium: () => give(picked, "medium"), high: () => give(picked, "high"),
  coining: () => openCoining(), coin, noting: () => openEditor({ code_id: picked, memo: "", confidence: "" }), accept: (element) => give(element.dataset.code),
  edit: (element) => openEditor(codingOf(element)), remove: (element) => remove(codingOf(element)), show: (element) => show(element.dataset),
};
const PRESSED = {
  j: () => goTo(at + 1), k: () => goTo(at - 1), n: goToOpen, Enter: leave, "/": () => focusOn("picker"), c: () => focusOn("picker"),
  N: () => openCoining(), r: () => source.segments[at] && standingOf(source.segments[at]) === "left" && DOES.reopen(), e: (element) => DOES.edit(element), x: (element) => DOES.remove(element),
  u: DOES.undo, U: DOES.redo, s: () => showSuggestions(true), v: changeView, f: DOES.find, g: () => focusOn("source-filter"),
  "[": () => stepSource(-1), "]": () => stepSource(1), K: () => stepSource(-1), J: () => stepSource(1), F: openFinishing, "?": DOES.keys, w: () => source.segments[at] && chooseWords(""),
  Escape: () => { if (chosen) choose(null); },
};
const OFTEN = ["j", "k", "ArrowLeft", "ArrowRight"]; // the others wait for the key to be let go

function press(event) {
  const element = event.target;
  if (window.desk.openDialog()) return pressInDialog(event);
  if (element.id === "picker") return pressInPicker(event);
  if (element.id === "source-filter") return pressInFilter(event);
  if ((event.ctrlKey || event.metaKey) && ["z", "y"].includes(event.key.toLowerCase())) {
    event.preventDefault();
    return takeBack(event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo");
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !source) return;
  if (event.key === "Enter" && element.closest("a, button")) return;
  if (event.repeat && !OFTEN.includes(event.key)) return;
  if (chosen && ["ArrowLeft", "ArrowRight"].includes(event.key)) chooseWords(event.key, event.shiftKey);
  else if (/^[1-9]$/.test(event.key)) give(source.decisions.used[event.key - 1] ?? "");
  else if (PRESSED[event.key]) PRESSED[event.key](element);
  else return;
  event.preventDefault();
}

function pressInPicker(event) {
  const confidence = { l: "low", m: "medium", h: "high" }[event.key] ?? { KeyL: "low", KeyM: "medium", KeyH: "high" }[event.code];
  if (event.key === "ArrowDown") pick(1);
  else if (event.key === "ArrowUp") pick(-1);
  else if (event.key === "Enter" && event.shiftKey) DOES.noting();
  else if (event.key === "Enter") event.repeat || give(picked);
  else if (event.altKey && event.code === "KeyN") openCoining(event.target.value.trim());
  else if (event.altKey && confidence) event.repeat || give(picked, confidence);
  else if (event.key === "Escape") {
    event.target.value = "";
    drawCodes();
    goTo(at);
  } else return;
  event.preventDefault();
}

function pressInFilter(event) {
  const first = find("sources").querySelector("a");
  if (event.key === "Enter" && first) openSource(first.hash.slice(1));
  else if (event.key === "Escape") goTo(at);
  else return;
  event.target.value = "";
  drawSources();
  event.preventDefault();
}

function pressInDialog(event) {
  if (event.key === "Escape") {
    event.preventDefault(); // a search field would keep the key to itself
    window.desk.openDialog().close();
  }
  if (find("coining").open && event.key === "Enter" && (event.ctrlKey || event.metaKey)) coin();
  if (find("editor").open && event.key === "Enter" && (event.ctrlKey || event.metaKey)) saveEditor();
  if (find("finder").open && event.key === "Enter" && event.target.id === "finder-words") {
    event.preventDefault();
    find("finder-hits").querySelector("button")?.click();
  }
}

function click(event) {
  const element = event.target.closest("[data-do]");
  if (element) return DOES[element.dataset.do](element);
  const option = event.target.closest("[role=option]");
  if (option) {
    picked = option.id.replace("code-", "");
    drawCodes();
    find("picker").focus();
  }
  const segment = event.target.closest("#segments > .segment");
  const i = segment ? [...find("segments").children].indexOf(segment) : at;
  if (i !== at) goTo(i);
  return null;
}

function showMarks(event) {
  const coding = event.target.closest?.("li[data-coding]")?.dataset.coding;
  for (const mark of document.querySelectorAll("mark[data-codings]")) {
    mark.classList.toggle("shown", Boolean(coding) && mark.dataset.codings.split(" ").includes(coding));
  }
}

async function follow() {
  const [source_id] = study.sources.map((one) => one.source_id).filter((id) => [location.hash.slice(1), location.hash.slice(1).replace(/-\d+$/, "")].includes(id));
  const next = study.sources.find((one) => !one.lack && !one.is_finished) ?? study.sources[0];
  await openSource(source_id ?? next.source_id, location.hash.slice(1));
}

async function start() {
  study = await ask("study");
  if (!study) return;
  window.desk.setPerson(study.coder);
  find("study").append(...showText(study.title));
  find("who").textContent = `coder ${study.coder}, round ${study.round}`;
  window.desk.listKeys(KEYS);
  document.querySelector("[data-do=coining]").hidden = !study.can_make_codes;
  drawSources();
  if (keep((store) => store.getItem("view")) === "all") changeView();
  document.addEventListener("keydown", press);
  document.addEventListener("click", click);
  document.addEventListener("mouseup", chooseSelected); // before the click, which draws the segment anew
  document.addEventListener("mouseover", showMarks);
  document.addEventListener("focusin", showMarks);
  find("codes").addEventListener("dblclick", () => give(picked));
  find("picker").addEventListener("input", () => { picked = ""; drawCodes(); });
  find("source-filter").addEventListener("input", drawSources);
  find("finder-words").addEventListener("input", findWords);
  window.addEventListener("hashchange", follow);
  await follow();
}

start();
