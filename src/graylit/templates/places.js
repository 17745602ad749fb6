// The places of codes: a list that can be filtered, and the words of each place with what surrounds them, once opened.
"use strict";

window.places = (() => {
  const { find, make, showText, ask } = window.desk;
  const FILTERS = { code: "code", source: "source", publisher: "publisher", kind: "kind of source", stand: "reading" };
  const words = new Map(); // by place: what was opened
  let all = [];
  let asked = 0; // of quick choices the last one is shown
  let chosen = {}; // values of the filters
  let settings; // names of codes, how a place is opened, what else is drawn at one

  const valuesOf = {
    code: (place) => place.codings.map((one) => one.code_id),
    source: (place) => [place.source_id],
    publisher: (place) => [place.publisher],
    kind: (place) => [place.source_type],
    stand: (place) => place.stands ?? [],
  };
  const nameCode = (codeId) => settings.nameCode(codeId);
  const tellValue = (filter, value) => (filter === "code" ? nameCode(value) : value.replace("_", " "));
  const isShown = (place) => Object.entries(chosen).every(([filter, value]) => !value || valuesOf[filter](place).includes(value));
  const isRead = (place) => place.is_opened || words.has(place.place_id);

  function drawFilter(filter) {
    const values = [...new Set(all.flatMap(valuesOf[filter]))].filter(Boolean).sort();
    if (values.length < 2) {
      chosen[filter] = "";
      return null;
    }
    const select = make("select", { "data-filter": filter, "aria-label": `Only one ${FILTERS[filter]}` },
      make("option", { value: "" }, `every ${FILTERS[filter]}`), values.map((value) => make("option", { value }, showText(tellValue(filter, value)))));
    select.value = values.includes(chosen[filter]) ? chosen[filter] : "";
    chosen[filter] = select.value;
    return select;
  }

  function drawCoding(one) {
    return make("li", {}, make("strong", {}, showText(nameCode(one.code_id))), ` · ${one.coding_id}`, one.confidence ? ` · ${one.confidence}` : "",
      one.memo ? [" · ", make("span", { class: "soft" }, showText(one.memo))] : "", settings.drawAtCoding?.(one) ?? "");
  }

  function drawWords(place, open) {
    const around = (part) => (part ? make("p", { class: "around", dir: "auto" }, showText(part)) : null);
    return make("div", { class: "read" },
      open.headings.length ? make("p", { class: "soft" }, showText(open.headings.join(" › "))) : null,
      open.lack ? make("p", { class: "soft" }, `No words to show: ${open.lack}.`) : null,
      around(open.before),
      open.parts.length ? make("p", { class: "words", dir: "auto" }, open.parts.map((part) => (part.coding_ids.length ? make("mark", {}, showText(part.words)) : showText(part.words)))) : null,
      around(open.after),
      make("ul", { class: "codings" }, open.codings.map(drawCoding)),
      open.url ? make("p", {}, make("a", { href: open.url, target: "_blank", rel: "noopener noreferrer" }, "live page")) : null);
  }

  function drawPlace(place) {
    const open = words.get(place.place_id);
    const facts = [place.publisher, place.source_type, place.codings.length > 1 ? `${place.codings.length} codings` : "", ...(place.stands ?? []).map((one) => one.replace("_", " "))];
    return make("li", { class: `spot${open ? " open" : ""}${place.is_opened ? " opened" : ""}`, "data-place": place.place_id },
      make("button", { type: "button", "data-do": "open-place", "aria-expanded": String(Boolean(open)) },
        make("span", { class: "title" }, place.place_id, " ", showText(place.title)),
        make("span", { class: "soft" }, showText(facts.filter(Boolean).join(" · ")), isRead(place) ? " · opened" : "")),
      open ? drawWords(place, open) : null);
  }

  function draw() {
    const shown = all.filter(isShown);
    find("places-filters").replaceChildren(...Object.keys(FILTERS).map(drawFilter).filter(Boolean));
    find("places").replaceChildren(...shown.map(drawPlace));
    const nOpened = shown.filter(isRead).length;
    find("places-count").textContent = all.length ? `${window.graylit.countThings(shown.length, "place")}${shown.length < all.length ? ` of ${all.length}` : ""}, ${nOpened} opened` : settings.lack || "No coding of it is evidence.";
    find("places-pane").querySelector("[data-do=open-next]").hidden = !shown.some((place) => !words.has(place.place_id));
  }

  // Shows the places of codes under a title; a guideline has what readers found there.
  async function show(title, codeIds, guidelineId = "") {
    asked += 1;
    const mine = asked;
    const found = await ask(`places?${new URLSearchParams({ code_ids: codeIds.join("; "), guideline_id: guidelineId })}`);
    if (!found || mine !== asked) return;
    find("places-title").replaceChildren(...showText(title));
    settings.code_ids = codeIds.join("; ");
    all = found.places;
    draw();
  }

  async function openPlace(placeId) {
    if (words.has(placeId)) words.delete(placeId);
    else {
      const found = await settings.open(placeId, settings.code_ids);
      if (!found) return;
      words.set(placeId, found);
      for (const place of all) if (place.place_id === placeId) place.is_opened = true;
      settings.opened?.();
    }
    draw();
    const element = [...find("places").children].find((one) => one.dataset.place === placeId);
    element?.querySelector("button").focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  }

  function openNext() {
    const shown = all.filter(isShown);
    const next = shown.find((place) => !isRead(place)) ?? shown.find((place) => !words.has(place.place_id));
    return next ? openPlace(next.place_id) : null;
  }

  // On a narrow screen one pane of a board is in sight at a time: a button leads to each, and so do the keys for them.
  function offerPanes(board) {
    const panes = [...board.children];
    const bar = make("div", { class: "panes", role: "group", "aria-label": "What is in sight" },
      panes.map((pane) => make("button", { type: "button" }, pane.getAttribute("aria-label") ?? document.querySelector(".skip").textContent.replace(/^To the (.)/, (_, letter) => letter.toUpperCase()))));
    const turnTo = (pane) => {
      board.dataset.pane = pane.localName;
      [...bar.children].forEach((one, number) => one.setAttribute("aria-pressed", panes[number] === pane));
    };
    bar.addEventListener("click", (event) => {
      const number = [...bar.children].indexOf(event.target.closest("button"));
      if (number >= 0) turnTo(panes[number]);
    });
    document.addEventListener("keydown", (event) => {
      if (window.desk.openDialog() || event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      const led = { c: 0, g: 0, "/": 0, b: 1, 1: 1, 2: 1, 3: 1, p: 2, o: 2 }[event.key];
      if (led !== undefined) turnTo(panes[led]);
    }, true);
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-do=show-code]")) turnTo(panes[2]);
    });
    board.after(bar);
    turnTo(panes[1]);
  }

  function start(given) {
    settings = given;
    const board = document.querySelector(".board");
    if (board) offerPanes(board);
    find("places-filters").addEventListener("change", (event) => {
      chosen[event.target.dataset.filter] = event.target.value;
      draw();
      find("places-filters").querySelector(`[data-filter=${event.target.dataset.filter}]`)?.focus();
    });
  }

  // Moves the focus by so many places.
  function go(step) {
    const items = [...find("places").querySelectorAll(":scope > li > button")];
    const at = items.indexOf(document.activeElement);
    items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus();
  }

  // Opens a place as the desk does it: noted, or, if it only looks, just shown.
  async function openAt(placeId, codeIds, isReadOnly) {
    const about = { place_id: placeId, code_ids: codeIds };
    if (isReadOnly) return ask(`words?${new URLSearchParams(about)}`);
    return window.desk.send("places", about, { describe: () => `${placeId} was opened` });
  }

  return { start, show, draw, openPlace, openNext, go, openAt };
})();
