// The board of an author: codes are put into themes, practices are drawn from codes, guidelines made of practices.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["1  2  3", "themes, practices, guidelines"],
  ["j  k", "next, previous; in the pane that has the focus"],
  ["c  b  p", "to the codes, to the board, to the places"],
  ["/", "find a code"],
  ["x", "mark or unmark the code or practice"],
  ["n", "new: a theme or practice of the marked codes, a guideline of the marked practices"],
  ["e", "edit the chosen one"],
  ["m", "move the marked codes into the chosen theme; merge practices into a guideline"],
  ["0", "take the marked codes out of their themes"],
  ["d", "drop the practice, withdraw the theme or guideline"],
  ["a", "open the practice again"],
  ["r", "relate the guideline to another one"],
  ["o", "open the next place"],
  ["Enter", "show the places of a code; open or close a place"],
  ["u", "undo the last decision"],
  ["?", "these keys"],
];
const NAMES = { themes: "theme", practices: "practice", guidelines: "guideline" };
const take = makeLine();
const marked = { codes: new Set(), practices: new Set() };
const current = { themes: "", practices: "", guidelines: "" };
let board;
let view = "themes";

const idOf = (one) => one[`${NAMES[view]}_id`];
const codeOf = (codeId) => board.codes.find((one) => one.code_id === codeId);
const nameCode = (codeId) => `${codeId} ${codeOf(codeId)?.name ?? ""}`.trim();
const chosen = () => board[view].find((one) => idOf(one) === current[view]) ?? null;
const count = (n, thing) => window.graylit.countThings(n, thing);
const tellSupport = (one) => `${count(one.n_codings, "coding")} · ${count(one.n_sources, "source")} · ${count(one.n_publishers, "publisher")}`;
const join = (ids) => [...ids].join("; ");

// Drawing -----------------------------------------------------------------------------------------------------------

function drawCodes() {
  const sought = window.graylit.listSought(find("code-filter").value);
  const placed = new Set(board.themes.flatMap((theme) => theme.code_ids));
  const shown = board.codes.filter((one) => {
    const words = window.graylit.fold(`${one.code_id} ${one.name} ${one.definition}`);
    return sought.every((part) => words.includes(part));
  });
  find("codes").replaceChildren(...shown.map((one) => make("li", { draggable: "true", "data-code": one.code_id },
    make("input", { type: "checkbox", "data-mark": one.code_id, checked: marked.codes.has(one.code_id), "aria-label": `Mark ${showPlain(nameCode(one.code_id))}` }),
    make("button", { type: "button", "data-do": "show-code", title: showPlain(one.definition) }, showText(nameCode(one.code_id)),
      make("span", { class: "soft" }, tellSupport(one)),
      placed.has(one.code_id) ? null : make("span", { class: "soft loose" }, "in no theme")))));
  const nLoose = board.codes.filter((one) => !placed.has(one.code_id)).length;
  find("total").textContent = `${count(board.codes.length, "code")}, ${nLoose} in no theme`;
}

function drawChip(codeId) {
  const code = codeOf(codeId);
  return make("li", {}, make("button", { type: "button", class: "code", draggable: "true", "data-do": "show-code", "data-code": codeId },
    showText(nameCode(codeId)), code ? make("span", { class: "soft" }, ` ${code.n_codings}`) : null));
}

const drawChips = (codeIds) => make("ul", { class: "codelist", "aria-label": "Codes" }, codeIds.map(drawChip));

function drawWriting(one) {
  const said = [one.decided_by ? `by ${showPlain(one.decided_by)}` : "", one.decided_at.slice(0, 10),
    one.n_opened === null ? "" : `${one.n_opened} of ${count(one.n_codings, "coding")} opened before it was written`];
  return make("p", { class: "facts" }, said.filter(Boolean).join(" · "));
}

function drawItem(one, parts, actions) {
  const id = idOf(one);
  const classes = ["item", id === current[view] ? "current" : ""].filter(Boolean).join(" ");
  return make("article", { class: classes, "data-id": id, draggable: view === "practices" ? "true" : null, "aria-current": id === current[view] ? "true" : null },
    make("h2", {}, view === "practices" ? make("input", { type: "checkbox", "data-mark": id, checked: marked.practices.has(id), "aria-label": `Mark ${id}` }) : null,
      make("button", { type: "button", "data-do": "choose" }, id, " ", showText(one.name))),
    parts, make("p", { class: "buttons" }, actions.map(([what, label, key]) => button(what, label, key))));
}

function drawTheme(one) {
  const actions = [["move", "Move the marked codes here", "m"], ["edit", "Edit", "e"], ["end", "Withdraw", "d"]];
  return drawItem(one, [one.description ? make("p", {}, showText(one.description)) : null, drawChips(one.code_ids), make("p", { class: "facts" }, tellSupport(one))], actions);
}

function drawPractice(one) {
  const became = { open: "", merged: `merged into ${one.guideline_id}`, dropped: "dropped" }[one.state];
  const actions = [["edit", "Edit", "e"], ["move", "Merge into a guideline", "m"], one.state === "dropped" ? null : ["end", "Drop", "d"], one.state === "open" ? null : ["reopen", "Open again", "a"]];
  return drawItem(one, [make("p", {}, showText(one.statement)), drawChips(one.code_ids),
    became || one.reason ? make("p", { class: "facts" }, became, one.reason ? [became ? ": " : "", showText(one.reason)] : "") : null, drawWriting(one)], actions.filter(Boolean));
}

function drawRelation([words, other, reason]) {
  const named = board.guidelines.find((one) => one.guideline_id === other);
  return make("p", {}, make("span", { class: "soft" }, `${words} `), make("button", { type: "button", class: "plain", "data-do": "choose", "data-go": other }, other, " ", showText(named?.name ?? "")),
    reason ? make("span", { class: "soft" }, " ", showText(reason)) : null);
}

function drawClaim(claim) {
  const read = Object.entries(claim.readings).map(([reading, n]) => `${n} ${reading.replace("_", " ")}`).join(", ");
  return make("li", {}, `${claim.claim_id} `, showText(claim.wording), " ", make("span", { class: "soft" }, read || "not read yet"));
}

function drawGuideline(one) {
  const merged = board.practices.filter((practice) => practice.guideline_id === one.guideline_id);
  const cells = ["intent", "motivation", "applicability"].filter((part) => one[part]).flatMap((part) => [make("dt", {}, part), make("dd", {}, showText(one[part]))]);
  const theme = board.themes.find((known) => known.theme_id === one.theme_id);
  const actions = [["edit", "Edit", "e"], ["move", "Merge the marked practices", "m"], ["relate", "Relate", "r"], ["end", "Withdraw", "d"]];
  return drawItem(one, [
    make("p", {}, showText(one.statement)),
    make("p", { class: "facts" }, tellSupport(one), one.has_floor ? "" : [" · ", make("span", { class: "weak" }, "too few publishers")]),
    make("dl", {}, cells, make("dt", {}, "theme"), make("dd", {}, `${one.theme_id} `, showText(theme?.name ?? "")),
      make("dt", {}, "practices"), make("dd", {}, merged.length ? showText(merged.map((practice) => `${practice.practice_id} ${practice.name}`).join("; ")) : "none")),
    drawChips(one.code_ids),
    one.claims.length ? make("ul", { class: "claims" }, one.claims.map(drawClaim)) : null,
    one.related.length ? make("p", { class: "facts" }, `related: ${one.related.join("; ")}`) : null,
    one.relations.map(drawRelation), drawWriting(one)], actions);
}

function drawPractices() {
  const groups = [["open", "Neither merged nor dropped"], ["merged", "Merged into guidelines"], ["dropped", "Dropped"]];
  return groups.flatMap(([state, title]) => {
    const rows = board.practices.filter((one) => one.state === state);
    return rows.length ? [make("h2", { class: "group" }, `${title}: ${rows.length}`), ...rows.map(drawPractice)] : [];
  });
}

function drawWaiting() {
  const rows = view === "guidelines" ? board.practices.filter((one) => one.state === "open") : [];
  find("waiting").replaceChildren(...(rows.length ? [make("h2", { class: "group" }, "Practices to be merged: mark them, or drag them to a guideline"),
    make("ul", { class: "codelist" }, rows.map((one) => make("li", {}, make("button", { type: "button", class: "code", draggable: "true", "data-do": "mark-practice",
      "data-practice": one.practice_id, "aria-pressed": String(marked.practices.has(one.practice_id)) }, `${one.practice_id} `, showText(one.name)))))] : []));
}

function draw() {
  if (!chosen()) current[view] = "";
  for (const set of [["codes", "code_id"], ["practices", "practice_id"]]) {
    const known = new Set(board[set[0]].map((one) => one[set[1]]));
    for (const id of marked[set[0]]) if (!known.has(id)) marked[set[0]].delete(id);
  }
  const drawn = { themes: () => board.themes.map(drawTheme), practices: drawPractices, guidelines: () => board.guidelines.map(drawGuideline) }[view]();
  const nothing = { themes: "No themes yet: mark codes, then n.", practices: "No practices yet: mark codes, then n.", guidelines: "No guidelines yet: mark practices, then n." }[view];
  find("items").replaceChildren(...(drawn.length ? drawn : [make("p", { class: "soft" }, nothing)]));
  drawCodes();
  drawWaiting();
  for (const one of document.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String(one.dataset.view === view));
  document.querySelector("[data-do=undo]").disabled = !board.can_undo;
  drawMarked();
}

function drawMarked() {
  const said = [["codes", "code"], ["practices", "practice"]].filter(([set]) => marked[set].size).map(([set, thing]) => count(marked[set].size, thing));
  find("marked").textContent = said.length ? `${said.join(" and ")} marked` : "";
  for (const box of document.querySelectorAll("[data-mark]")) box.checked = marked.codes.has(box.dataset.mark) || marked.practices.has(box.dataset.mark);
  for (const one of document.querySelectorAll("[data-practice]")) one.setAttribute("aria-pressed", String(marked.practices.has(one.dataset.practice)));
}

// Choosing ----------------------------------------------------------------------------------------------------------

function choose(id, isFocused = true) {
  current[view] = id;
  const one = chosen();
  if (!one) return;
  for (const item of document.querySelectorAll(".item")) {
    item.classList.toggle("current", item.dataset.id === id);
    if (item.dataset.id === id) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
  }
  const element = document.querySelector(".item.current");
  element.scrollIntoView({ block: "nearest" });
  if (isFocused) element.querySelector("h2 button").focus({ preventScroll: true });
  window.places.show(`Places of ${id} ${one.name}`, one.code_ids, view === "guidelines" ? id : "");
}

function goTo(what, id) {
  view = what;
  current[view] = id;
  draw();
  if (id) choose(id);
}

function go(step) {
  const focused = document.activeElement;
  if (find("places-pane").contains(focused)) return window.places.go(step);
  if (find("codes").contains(focused)) {
    const buttons = [...find("codes").querySelectorAll("button")];
    const at = buttons.indexOf(focused.closest("li").querySelector("button"));
    return buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)].focus();
  }
  const ids = [...document.querySelectorAll(".item")].map((item) => item.dataset.id);
  return ids.length ? choose(ids[Math.min(Math.max(ids.indexOf(current[view]) + step, 0), ids.length - 1)]) : null;
}

const toggle = (set, id) => (set.has(id) ? set.delete(id) : set.add(id));

function mark() {
  const code = document.activeElement.closest("[data-code]")?.dataset.code;
  if (code) toggle(marked.codes, code);
  else if (view === "practices" && current.practices) toggle(marked.practices, current.practices);
  drawMarked();
}

// Deciding ----------------------------------------------------------------------------------------------------------

async function load() {
  const found = await ask("board");
  if (found) board = found;
  if (found) draw();
  return found;
}

function decide(kind, asked, describe) {
  return take(async () => {
    const answer = await send("board", { kind, version: board.version, ...asked }, { showAnew: load, describe: (body) => describe(body.ids) });
    if (!answer) return null;
    ({ board } = answer);
    draw();
    return answer;
  });
}

const REASON = { name: "reason", label: "Why", kind: "area", rows: 2 };
const listCodes = (ids) => ids.map((codeId) => [codeId, nameCode(codeId)]);

function editTheme(one) {
  const codes = one ? one.code_ids : [...marked.codes];
  if (!codes.length) return say("Mark the codes of the new theme first (x, or the boxes to the left).");
  return window.forms.open({
    title: one ? `Theme ${one.theme_id}` : "New theme",
    fields: [{ name: "name", label: "Name" }, { name: "description", label: "What its codes have in common", kind: "area" },
      { name: "code_ids", label: "Codes", kind: "checks", options: listCodes([...new Set([...codes, ...marked.codes])]) }, REASON],
    values: { name: one?.name, description: one?.description, code_ids: codes },
    save: async (values) => {
      const saved = await decide("save_theme", { ...values, theme_id: one?.theme_id ?? "", code_ids: join(values.code_ids) }, (ids) => `theme ${ids.at(-1)}`);
      if (saved) finish("themes", "codes", saved.ids.at(-1));
      return saved;
    },
  });
}

function editPractice(one) {
  const codes = one ? one.code_ids : [...marked.codes];
  if (!codes.length) return say("Mark the codes from which the practice is drawn first (x, or the boxes to the left).");
  return window.forms.open({
    title: one ? `Practice ${one.practice_id}` : "New practice",
    fields: [{ name: "name", label: "Name" }, { name: "statement", label: "What the sources do or advise, in one sentence", kind: "area" },
      { name: "code_ids", label: "Codes", kind: "checks", options: listCodes([...new Set([...codes, ...marked.codes])]) }],
    values: { name: one?.name, statement: one?.statement, code_ids: codes },
    save: async (values) => {
      const saved = await decide("save_practice", { ...values, practice_id: one?.practice_id ?? "", code_ids: join(values.code_ids) }, (ids) => `practice ${ids[0]}`);
      if (saved) finish("practices", "codes", saved.ids[0]);
      return saved;
    },
  });
}

function finish(what, set, id) {
  marked[set].clear();
  goTo(what, id);
}

function editGuideline(one) {
  const practices = one ? [] : board.practices.filter((practice) => marked.practices.has(practice.practice_id));
  const drawn = [...new Set(practices.flatMap((practice) => practice.code_ids))];
  const holding = (theme) => theme.code_ids.filter((codeId) => drawn.includes(codeId)).length;
  const theme = one ? one.theme_id : [...board.themes].sort((first, second) => holding(second) - holding(first))[0]?.theme_id;
  if (!theme) return say("A guideline comes from a theme: put codes into a theme first.");
  const codesOf = (values) => board.themes.find((known) => known.theme_id === values.theme_id)?.code_ids ?? [];
  return window.forms.open({
    title: one ? `Guideline ${one.guideline_id}` : "New guideline",
    note: practices.length ? `It merges ${practices.map((practice) => `${practice.practice_id} ${showPlain(practice.name)}`).join("; ")}.` : "",
    fields: [{ name: "name", label: "Name" }, { name: "statement", label: "The guideline in one sentence", kind: "area" },
      { name: "intent", label: "Intent: what it is to achieve", kind: "area", rows: 2 }, { name: "motivation", label: "Motivation: why it matters", kind: "area" },
      { name: "applicability", label: "Applicability: when it applies, and when not", kind: "area" },
      { name: "theme_id", label: "Theme", kind: "select", options: board.themes.map((known) => [known.theme_id, `${known.theme_id} ${known.name}`]) },
      { name: "code_ids", label: "Codes of the theme that support it", kind: "checks", follows: "theme_id", options: (values) => listCodes(codesOf(values)) }, REASON],
    values: { ...(one ?? {}), statement: one?.statement ?? practices.map((practice) => practice.statement).join(" "), theme_id: theme,
      code_ids: one ? one.code_ids : drawn.filter((codeId) => codesOf({ theme_id: theme }).includes(codeId)) },
    save: async (values) => {
      const asked = { ...values, guideline_id: one?.guideline_id ?? "", code_ids: join(values.code_ids), practice_ids: join(practices.map((practice) => practice.practice_id)) };
      const saved = await decide("save_guideline", asked, (ids) => `guideline ${ids[0]}`);
      if (saved) finish("guidelines", "practices", saved.ids[0]);
      return saved;
    },
  });
}

function askReason(title, kind, asked, describe) {
  return window.forms.open({ title, fields: [REASON], save: (values) => decide(kind, { ...asked, ...values }, describe) });
}

function moveCodes(themeId, codeIds = join(marked.codes)) {
  if (!codeIds) return say("Mark the codes to be moved first (x, or the boxes to the left).");
  return decide("move_codes", { theme_id: themeId, code_ids: codeIds }, () => `${codeIds} ${themeId ? `is in ${themeId}` : "is in no theme"}`)
    .then((answer) => { if (answer) marked.codes.clear(); drawMarked(); });
}

function merge(practiceIds, guidelineId) {
  const practices = join(practiceIds);
  if (!practices) return say("Mark the practices to be merged first.");
  return window.forms.open({
    title: `Merge ${practices}`,
    fields: [{ name: "guideline_id", label: "Into the guideline", kind: "select", options: board.guidelines.map((one) => [one.guideline_id, `${one.guideline_id} ${one.name}`]) }, REASON],
    values: { guideline_id: guidelineId },
    save: async (values) => {
      const saved = await decide("merge_practices", { practice_ids: practices, ...values }, () => `${practices} went into ${values.guideline_id}`);
      if (saved) marked.practices.clear();
      drawMarked();
      return saved;
    },
  });
}

const chosenPractices = () => (marked.practices.size ? [...marked.practices] : [current.practices].filter(Boolean));

function move() {
  if (view === "themes") return chosen() ? moveCodes(current.themes) : say("Choose the theme first (j, k).");
  if (view === "practices") return merge(chosenPractices(), board.guidelines[0]?.guideline_id);
  return merge(marked.practices, current.guidelines);
}

function end() {
  const one = chosen();
  if (view === "practices") {
    const practices = join(chosenPractices());
    return practices ? askReason(`Drop ${practices}`, "drop_practices", { practice_ids: practices }, () => `${practices} dropped`) : null;
  }
  return one ? askReason(`Withdraw ${idOf(one)}`, `withdraw_${NAMES[view]}`, { [`${NAMES[view]}_id`]: idOf(one) }, () => `${idOf(one)} withdrawn`) : null;
}

function relate() {
  const one = view === "guidelines" ? chosen() : null;
  if (!one) return say("Choose a guideline first.");
  const others = board.guidelines.filter((other) => other !== one);
  if (!others.length) return say("There is no other guideline yet.");
  return window.forms.open({
    title: `${one.guideline_id} ${showPlain(one.name)}`,
    fields: [{ name: "relation", label: "Relation", kind: "radio", options: [...Object.entries(board.relations), ["", "none: take a relation back"]] },
      { name: "other_guideline_id", label: "The other guideline", kind: "select", options: others.map((other) => [other.guideline_id, `${other.guideline_id} ${other.name}`]) }, REASON],
    values: { relation: "needs" },
    save: (values) => decide("relate", { guideline_id: one.guideline_id, ...values }, () => `${one.guideline_id} ${board.relations[values.relation] ?? "has no relation to"} ${values.other_guideline_id}`),
  });
}

const EDIT = { themes: editTheme, practices: editPractice, guidelines: editGuideline };
const reopen = () => { if (view === "practices" && chosenPractices().length) decide("reopen_practices", { practice_ids: join(chosenPractices()) }, (ids) => `${join(ids)} open again`); };
const DO = {
  undo: () => { if (board?.can_undo) decide("undo", {}, (ids) => `${join(ids)} as before`); },
  keys: () => open("keys"), close: () => openDialog().close(), "save-form": () => window.forms.save(),
  view: (one) => goTo(one.dataset.view, current[one.dataset.view]),
  new: () => EDIT[view](null), edit: () => { if (chosen()) EDIT[view](chosen()); }, move, end, relate, reopen,
  choose: (one) => (one.dataset.go ? goTo("guidelines", one.dataset.go) : choose(one.closest(".item").dataset.id)),
  "show-code": (one) => { const codeId = one.closest("[data-code]").dataset.code; window.places.show(`Places of ${nameCode(codeId)}`, [codeId]); },
  "mark-practice": (one) => { toggle(marked.practices, one.dataset.practice); drawMarked(); },
  "open-place": (one) => window.places.openPlace(one.closest("[data-place]").dataset.place), "open-next": () => window.places.openNext(),
};
const DECIDING = { n: DO.new, e: DO.edit, m: move, d: end, a: reopen, r: relate, u: DO.undo, 0: () => moveCodes("") };
const PRESSED = {
  1: () => goTo("themes", current.themes), 2: () => goTo("practices", current.practices), 3: () => goTo("guidelines", current.guidelines),
  j: () => go(1), k: () => go(-1), x: mark, o: DO["open-next"], "?": DO.keys, "/": () => find("code-filter").focus(),
  c: () => find("codes").querySelector("button")?.focus(), b: () => (current[view] ? choose(current[view]) : go(1)), p: () => window.places.go(1),
};

// Dragging ----------------------------------------------------------------------------------------------------------

function listDragged(element) {
  const code = element.closest("[data-code]")?.dataset.code;
  if (code) return { codes: marked.codes.has(code) ? join(marked.codes) : code };
  const practice = element.dataset.practice ?? element.closest(".item")?.dataset.id;
  return { practices: marked.practices.has(practice) ? [...marked.practices] : [practice] };
}

let dragged = null;
const targetOf = (event) => {
  const item = event.target.closest?.(".item");
  const fits = dragged && item && ((view === "themes" && dragged.codes) || (view === "guidelines" && dragged.practices));
  return fits ? item : null;
};

function listenToDragging() {
  document.addEventListener("dragstart", (event) => {
    dragged = board.is_read_only ? null : listDragged(event.target);
    event.dataTransfer.setData("text/plain", dragged?.codes ?? join(dragged?.practices ?? []));
  });
  document.addEventListener("dragover", (event) => {
    const item = targetOf(event);
    for (const one of document.querySelectorAll(".over")) one.classList.toggle("over", one === item);
    if (!item) return;
    event.preventDefault();
    item.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const item = targetOf(event);
    if (!item) return;
    event.preventDefault();
    item.classList.remove("over");
    if (dragged.codes) moveCodes(item.dataset.id, dragged.codes);
    else merge(dragged.practices, item.dataset.id);
  });
  document.addEventListener("dragend", () => { dragged = null; });
}

// Starting ----------------------------------------------------------------------------------------------------------

function press(event) {
  if (openDialog() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input[type=search], select, textarea")) {
    if (event.key === "Escape") find("content").focus();
    return;
  }
  const action = PRESSED[event.key] ?? (board?.is_read_only ? null : DECIDING[event.key]);
  if (!action || !board) return;
  event.preventDefault();
  action();
}

async function start() {
  if (!(await load())) return;
  setPerson(board.person);
  listKeys(KEYS);
  find("study").append(...showText(board.title));
  find("who").textContent = board.is_read_only ? "looking only" : `author ${showPlain(board.person)}`;
  document.body.classList.toggle("looking", board.is_read_only);
  document.title = `Writing guidelines · ${showPlain(board.title)}`;
  window.places.start({ nameCode, lack: board.lack, open: (placeId, codeIds) => window.places.openAt(placeId, codeIds, board.is_read_only) });
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-do]");
    if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
    else if (event.target.closest(".item") && !event.target.closest("input, a")) choose(event.target.closest(".item").dataset.id, false);
  });
  document.addEventListener("change", (event) => {
    const id = event.target.dataset.mark;
    if (!id) return;
    toggle(event.target.closest("[data-code]") ? marked.codes : marked.practices, id);
    drawMarked();
  });
  find("code-filter").addEventListener("input", drawCodes);
  listenToDragging();
  if (board.lack) say(board.lack);
}

start();
