// Writing impacts: what a guideline does to a quality attribute of a component, with the codings that show it.
"use strict";

const { find, make, showText, showPlain, button, ask, send, say, makeLine, open, openDialog, listKeys, setPerson } = window.desk;
const KEYS = [
  ["g  b  p", "to the guidelines, to the impacts, to the places"],
  ["j  k", "next, previous; in the pane that has the focus"],
  ["o", "open the next place"],
  ["x", "pick the codings of the place that has the focus, or leave them out"],
  ["n", "new impact, shown by the picked codings"],
  ["e", "edit the chosen impact"],
  ["d", "withdraw it"],
  ["u", "undo the last decision"],
  ["?", "these keys"],
];
const SIGNS = { strengthened: "+", strained: "−" };
const take = makeLine();
const picked = new Set();
let study;
let guideline = ""; // the id of the chosen one
let current = ""; // that of the chosen impact

const nameCode = (codeId) => `${codeId} ${study.codes[codeId] ?? ""}`.trim();
const count = (n, thing) => window.graylit.countThings(n, thing);
const chosen = () => study.guidelines.find((one) => one.guideline_id === guideline) ?? null;
const chosenImpact = () => chosen()?.impacts.find((one) => one.impact_id === current) ?? null;

function drawGuidelines() {
  find("codes").replaceChildren(...study.guidelines.map((one) => make("li", { class: "wide" },
    make("button", { type: "button", "data-do": "guideline", "data-guideline": one.guideline_id, "aria-current": one.guideline_id === guideline ? "true" : null },
      `${one.guideline_id} `, showText(one.name),
      make("span", { class: `soft${one.impacts.length ? "" : " loose"}` }, one.impacts.length ? count(one.impacts.length, "impact") : "no impact yet")))));
  find("total").textContent = count(study.guidelines.length, "guideline");
}

function drawImpact(one) {
  const isCurrent = one.impact_id === current;
  const seen = one.is_hidden ? make("span", { class: "weak" }, "to be read by you first: what its author saw is not shown") : `${SIGNS[one.effect] ?? ""} ${one.quality_attribute} ${one.effect}`;
  return make("article", { class: `item${isCurrent ? " current" : ""}`, "data-id": one.impact_id, "aria-current": isCurrent ? "true" : null },
    make("h2", {}, make("button", { type: "button", "data-do": "choose" }, `${one.impact_id} `, showText(one.component))),
    make("p", {}, seen), make("p", {}, showText(one.decision)), one.reason ? make("p", { class: "facts" }, showText(one.reason)) : null,
    make("p", { class: "facts" }, [`shown by ${one.coding_ids.join(", ")}`, one.decided_by ? showPlain(one.decided_by) : "", one.decided_at.slice(0, 10)].filter(Boolean).join(" · ")),
    one.is_hidden ? null : make("p", { class: "buttons" }, button("edit", "Edit", "e"), button("end", "Withdraw", "d")));
}

function draw() {
  const one = chosen();
  drawGuidelines();
  find("head").replaceChildren(make("h1", {}, one ? `${one.guideline_id} ` : "", one ? showText(one.name) : "No guideline yet"), one ? make("p", {}, showText(one.statement)) : "");
  find("items").replaceChildren(...(one?.impacts.length ? one.impacts.map(drawImpact) : [make("p", { class: "soft" }, "No impacts yet: open places, pick the codings that show one, then n.")]));
  document.querySelector("[data-do=undo]").disabled = !study.can_undo;
  drawPicked();
}

function drawPicked() {
  find("marked").textContent = picked.size ? `${count(picked.size, "coding")} picked: ${[...picked].join(", ")}` : "";
  for (const box of document.querySelectorAll("[data-pick]")) box.checked = picked.has(box.dataset.pick);
}

const drawAtCoding = (one) => (study.is_read_only ? "" : make("label", { class: "pick" }, " ",
  make("input", { type: "checkbox", "data-pick": one.coding_id, checked: picked.has(one.coding_id) }), ` ${one.coding_id} shows it`));

function showGuideline(id) {
  if (guideline !== id) picked.clear();
  guideline = id;
  current = "";
  draw();
  const one = chosen();
  if (one) window.places.show(`Places of ${one.guideline_id} ${one.name}`, one.code_ids, one.guideline_id);
  find("codes").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function choose(id, isFocused = true) {
  current = id;
  for (const item of document.querySelectorAll(".item")) {
    item.classList.toggle("current", item.dataset.id === id);
    if (item.dataset.id === id) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
  }
  if (isFocused) document.querySelector(".item.current h2 button")?.focus();
}

function go(step) {
  const focused = document.activeElement;
  if (find("places-pane").contains(focused)) return window.places.go(step);
  if (find("items").contains(focused)) {
    const ids = chosen().impacts.map((one) => one.impact_id);
    return choose(ids[Math.min(Math.max(ids.indexOf(current) + step, 0), ids.length - 1)]);
  }
  const ids = study.guidelines.map((one) => one.guideline_id);
  if (!ids.length) return null;
  showGuideline(ids[Math.min(Math.max(ids.indexOf(guideline) + step, 0), ids.length - 1)]);
  return find("codes").querySelector("[aria-current]").focus();
}

function pick() {
  const boxes = [...document.activeElement.closest("[data-place]")?.querySelectorAll("[data-pick]") ?? []];
  if (!boxes.length) return say("Open a place first (o): its codings are picked there.");
  const areAll = boxes.every((box) => picked.has(box.dataset.pick));
  for (const box of boxes) if (areAll) picked.delete(box.dataset.pick); else picked.add(box.dataset.pick);
  return drawPicked();
}

async function load() {
  const found = await ask("impacts");
  if (!found) return null;
  study = found;
  if (!chosen()) guideline = study.guidelines[0]?.guideline_id ?? "";
  draw();
  return found;
}

function decide(kind, asked, describe) {
  return take(async () => {
    const answer = await send("impacts", { kind, version: study.version, ...asked }, { showAnew: load, describe: (body) => describe(body.ids) });
    if (!answer) return null;
    study = answer.board;
    draw();
    return answer;
  });
}

function edit(one) {
  if (!chosen()) return say("There is no guideline yet.");
  if (one?.is_hidden) return say("Read this impact a second time first: what its author saw is not shown to you.");
  const codings = [...new Set([...(one?.coding_ids ?? []), ...picked])];
  if (!codings.length) return say("Pick the codings that show the impact first: open their places (o), then x.");
  return window.forms.open({
    title: one ? `Impact ${one.impact_id}` : `New impact of ${guideline}`,
    fields: [{ name: "component", label: "Component: the part of the architecture that is touched" },
      { name: "quality_attribute", label: "Quality attribute", kind: "select", options: study.attributes.map(([name, words]) => [name, words ? `${name}: ${words}` : name]) },
      { name: "effect", label: "Which way", kind: "radio", options: study.effects.map((effect) => [effect, `${SIGNS[effect]} ${effect}`]) },
      { name: "decision", label: "The decision that it forces on the architect", kind: "area", rows: 2 },
      { name: "coding_ids", label: "Codings that show it", kind: "checks", options: codings.map((id) => [id, id]) },
      { name: "reason", label: "How they show it, if that is not plain", kind: "area", rows: 2 }],
    values: one ? { ...one, coding_ids: codings } : { coding_ids: codings, effect: "strengthened" },
    save: async (values) => {
      const asked = { ...values, impact_id: one?.impact_id ?? "", guideline_id: guideline, coding_ids: values.coding_ids.join("; ") };
      const saved = await decide("save_impact", asked, (ids) => `impact ${ids[0]}`);
      if (!saved) return null;
      picked.clear();
      drawPicked();
      choose(saved.ids[0]);
      return saved;
    },
  });
}

function end() {
  const one = chosenImpact();
  if (!one || one.is_hidden) return say("Choose the impact first.");
  return window.forms.open({
    title: `Withdraw ${one.impact_id}`, fields: [{ name: "reason", label: "Why", kind: "area", rows: 2 }],
    save: (values) => decide("withdraw_impact", { impact_id: one.impact_id, ...values }, () => `${one.impact_id} withdrawn`),
  });
}

const DO = {
  undo: () => { if (study?.can_undo) decide("undo", {}, (ids) => `${ids.join(", ")} as before`); },
  keys: () => open("keys"), close: () => openDialog().close(), "save-form": () => window.forms.save(),
  guideline: (one) => { showGuideline(one.dataset.guideline); find("codes").querySelector("[aria-current]")?.focus(); },
  choose: (one) => choose(one.closest(".item").dataset.id),
  new: () => edit(null), edit: () => { if (chosenImpact()) edit(chosenImpact()); }, end,
  "open-place": (one) => window.places.openPlace(one.closest("[data-place]").dataset.place), "open-next": () => window.places.openNext(),
};
const DECIDING = { n: DO.new, e: DO.edit, d: end, u: DO.undo, x: pick };
const PRESSED = {
  j: () => go(1), k: () => go(-1), o: DO["open-next"], "?": DO.keys, p: () => window.places.go(1),
  g: () => find("codes").querySelector("[aria-current]")?.focus(), b: () => choose(current || (chosen()?.impacts[0]?.impact_id ?? "")),
};

function press(event) {
  if (openDialog() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, textarea")) return;
  const action = PRESSED[event.key] ?? (study?.is_read_only ? null : DECIDING[event.key]);
  if (!action || !study) return;
  event.preventDefault();
  action();
}

async function start() {
  if (!(await load())) return;
  setPerson(study.person);
  listKeys(KEYS);
  find("study").append(...showText(study.title));
  find("who").textContent = study.is_read_only ? "looking only" : `author ${showPlain(study.person)}`;
  document.body.classList.toggle("looking", study.is_read_only);
  document.title = `Writing impacts · ${showPlain(study.title)}`;
  window.places.start({ nameCode, drawAtCoding, lack: study.lack, open: (placeId, codeIds) => window.places.openAt(placeId, codeIds, study.is_read_only) });
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-do]");
    if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
    else if (event.target.closest(".item") && !event.target.closest("input, a")) choose(event.target.closest(".item").dataset.id, false);
  });
  document.addEventListener("change", (event) => {
    const id = event.target.dataset.pick;
    if (!id) return;
    if (event.target.checked) picked.add(id); else picked.delete(id);
    drawPicked();
  });
  if (study.lack) say(study.lack);
  showGuideline(study.guidelines.find((one) => !one.impacts.length)?.guideline_id ?? guideline);
}

start();
