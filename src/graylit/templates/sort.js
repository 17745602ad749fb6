// Sorting cards: by keys, or by drag and drop. A keeper says what the tables (or, in a file, the browser) hold, and takes
// decisions: `load()` returns the state, `decide(decision, describe)` the state after it, or null if it was refused.
"use strict";

window.sorting = (() => {
  const { find, make, showText, showPlain, button, say, makeLine, open, openDialog, listKeys } = window.desk;
  const take = makeLine();
  const OPEN_KEYS = [
    ["n", "put the marked card on a new pile"],
    ["r", "rename the pile of the marked card"],
    ["m", "merge the pile of the marked card into another"],
  ];
  let keeper = null;
  let state = null; // what the keeper said last
  let marked = ""; // the key of the marked card
  let shown = []; // names of the piles, in the order of the page
  let asks = null; // what the open dialog is to do with its answer

  const isOpen = () => state.kind === "open";
  const cardOf = (key) => state.cards.find((card) => card.key === key);
  const pileOf = (key) => state.piles.find((pile) => pile.cards.includes(key));
  const listLoose = () => state.cards.filter((card) => !pileOf(card.key));
  const listShown = () => [...listLoose().map((card) => card.key), ...listPiles().flatMap((pile) => pile.cards)];

  // Piles keep their place while they are renamed; new ones come last.
  function listPiles() {
    const names = state.piles.map((pile) => pile.name);
    shown = [...shown.filter((name) => names.includes(name)), ...names.filter((name) => !shown.includes(name))];
    return shown.map((name) => state.piles.find((pile) => pile.name === name));
  }

  // Drawing -------------------------------------------------------------------------------------------------------

  function drawCard(card, kind) {
    const isMarked = card.key === marked;
    return make("li", { class: kind, "data-card": card.key, draggable: state.is_finished ? "false" : "true", tabindex: isMarked ? "0" : "-1",
      "aria-current": isMarked ? "true" : null }, make("strong", {}, showText(card.name)), make("p", {}, showText(card.statement)));
  }

  function drawPile(pile, number) {
    const key = number < 9 ? String(number + 1) : "";
    const more = { "data-pile": pile.name, class: "plain" };
    const does = state.is_finished ? null : make("p", { class: "does" }, button("put", "Put here", key, more),
      isOpen() && pile.cards.length ? [button("rename", "Rename", "", more), state.piles.length > 1 ? button("merge", "Merge", "", more) : null] : null);
    return make("section", { class: "pile", "data-target": pile.name, "aria-label": `Pile ${showPlain(pile.name)}` },
      make("h3", {}, showText(pile.name), make("span", { class: "count" }, ` ${pile.cards.length}`)), does,
      make("ul", { class: "cards" }, pile.cards.map((one) => drawCard(cardOf(one), "card-sorted"))));
  }

  function draw() {
    const loose = listLoose(), piles = listPiles(), hasFocus = document.activeElement.closest("[data-card]");
    if (!cardOf(marked)) marked = (loose[0] || state.cards[0] || { key: "" }).key;
    document.body.classList.toggle("finished", state.is_finished);
    find("loose").replaceChildren(...loose.map((card) => drawCard(card, "card-loose")));
    find("piles").replaceChildren(...piles.map(drawPile));
    const n = state.cards.length, rest = loose.length ? `${loose.length} of ${n} cards left` : `all ${n} cards lie on piles`;
    find("progress").textContent = state.is_finished && !loose.length ? `You have finished: ${rest}.` : `${rest}. Keys move the marked card.`;
    find("how").textContent = isOpen() ? "Make as many piles as you like, and name each in your own words." : "The piles are given. Put each card where it fits best.";
    find("fresh").hidden = !isOpen() || state.is_finished;
    const finish = document.querySelector('[data-do="finish"]');
    finish.firstChild.data = state.is_finished ? "Go on sorting " : "Finish ";
    document.querySelector('[data-do="undo"]').disabled = !state.can_undo;
    if (hasFocus) focusMarked();
    if (keeper.drawn) keeper.drawn(state);
  }

  function findMarked() {
    return [...document.querySelectorAll("[data-card]")].find((one) => one.dataset.card === marked);
  }

  function focusMarked() {
    const card = findMarked();
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function mark(key) {
    marked = key;
    draw();
    focusMarked();
  }

  function step(by) {
    const keys = listShown(), at = keys.indexOf(marked);
    if (keys.length) mark(keys[Math.min(Math.max(at + by, 0), keys.length - 1)]);
  }

  // Deciding ------------------------------------------------------------------------------------------------------

  async function load() {
    const found = await keeper.load();
    if (found) {
      state = found;
      draw();
    }
    return found;
  }

  function decide(decision, describe, settle = null) {
    return take(async () => {
      const next = await keeper.decide(decision, describe);
      if (!next) return null;
      state = next;
      if (settle) settle();
      draw();
      return next;
    });
  }

  function findNext(key) {
    const loose = listLoose().map((card) => card.key), at = loose.indexOf(key);
    return at < 0 ? key : loose[at + 1] || loose[at - 1] || key;
  }

  function put(key, pile) {
    const card = cardOf(key), lies = pileOf(key);
    if (!card || (lies ? lies.name === pile : !pile)) return null;
    const next = key === marked ? findNext(key) : marked;
    const words = pile ? `${showPlain(card.name)} on ${showPlain(pile)}` : `${showPlain(card.name)} is to be sorted again`;
    return decide({ kind: "put", card: key, pile }, () => words, () => { marked = next; });
  }

  function ask(title, hint, value, act) {
    asks = act;
    find("naming-title").textContent = title;
    find("naming-hint").textContent = hint;
    find("name").value = value;
    open("naming", "name");
    find("name").select();
  }

  function nameNext() {
    const taken = state.piles.map((pile) => pile.name);
    let number = 1;
    while (taken.includes(`unnamed ${number}`)) number += 1;
    return `unnamed ${number}`;
  }

  function fresh(key = marked) {
    if (!isOpen() || !cardOf(key)) return;
    ask("A new pile", "Leave it empty to name the pile later.", "", (name) => put(key, name || nameNext()));
  }

  function rename(pile) {
    if (!isOpen() || !pile) return say("Mark a card on the pile that is to be renamed.");
    return ask("Another name for the pile", "", pile.name, (name) => {
      if (!name || name === pile.name) return null;
      return decide({ kind: "rename", pile: pile.name, name }, () => `the pile is called ${showPlain(name)}`, () => {
        shown = shown.map((one) => (one === pile.name ? name : one));
      });
    });
  }

  function choose(title, names, act) {
    if (!names.length) return say("There is no other pile.");
    asks = act;
    find("choosing-title").textContent = title;
    find("choice").replaceChildren(...names.map((name) => make("option", { value: name }, showPlain(name))));
    return open("choosing", "choice");
  }

  function merge(pile) {
    if (!isOpen() || !pile) return say("Mark a card on the pile that is to go into another.");
    const others = listPiles().map((one) => one.name).filter((name) => name !== pile.name);
    return choose(`Where do the cards of “${showPlain(pile.name)}” go?`, others, (into) =>
      decide({ kind: "merge", pile: pile.name, into }, () => `${showPlain(pile.name)} went into ${showPlain(into)}`));
  }

  function pick() {
    const lies = pileOf(marked);
    return choose("On which pile?", listPiles().map((one) => one.name).filter((name) => !lies || name !== lies.name), (name) => put(marked, name));
  }

  function finish() {
    if (state.is_finished) return decide({ kind: "reopen" }, () => "the sort is open again");
    const left = listLoose().length;
    if (left) return say(`${left} ${left === 1 ? "card lies" : "cards lie"} on no pile yet.`);
    return open("finishing", "note");
  }

  function answer(value) {
    const act = asks;
    openDialog().close();
    asks = null;
    if (act) act(value);
  }

  function finished() {
    const note = find("note").value.trim();
    find("finishing").close();
    return decide({ kind: "finish", note }, () => "you have finished");
  }

  const pileNamed = (name) => state.piles.find((pile) => pile.name === name);
  const DO = {
    undo: () => (state.can_undo ? decide({ kind: "undo" }, () => "the last decision is undone") : null),
    keys: () => open("keys"), close: () => openDialog().close(), named: () => answer(find("name").value.trim()), chosen: () => answer(find("choice").value),
    finish, finished, fresh: () => fresh(),
    put: (one) => put(marked, one.dataset.pile), rename: (one) => rename(pileNamed(one.dataset.pile)), merge: (one) => merge(pileNamed(one.dataset.pile)),
  };
  const PRESSED = {
    j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1), n: () => fresh(), p: pick, 0: () => put(marked, ""),
    r: () => rename(pileOf(marked)), m: () => merge(pileOf(marked)), u: DO.undo, f: finish, "?": DO.keys,
  };

  function pressInDialog(event) {
    const id = openDialog().id;
    if (event.key !== "Enter" || event.target.tagName === "BUTTON" || (id === "finishing" && !event.ctrlKey)) return;
    const act = { naming: DO.named, choosing: DO.chosen, finishing: finished }[id];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function press(event) {
    if (openDialog()) return pressInDialog(event);
    if (!state || event.ctrlKey || event.metaKey || event.altKey) return null;
    const pile = /^[1-9]$/.test(event.key) ? listPiles()[Number(event.key) - 1] : null;
    const action = pile ? () => put(marked, pile.name) : PRESSED[event.key];
    if (!action || (state.is_finished && !["j", "k", "ArrowDown", "ArrowUp", "f", "?"].includes(event.key))) return null;
    event.preventDefault();
    return action();
  }

  // Drag and drop -------------------------------------------------------------------------------------------------

  const findTarget = (event) => event.target.closest && event.target.closest("[data-target], #fresh, #table");
  const clearOver = () => document.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));

  function drop(event) {
    const target = findTarget(event), key = event.dataTransfer.getData("text/plain");
    clearOver();
    if (!target || !cardOf(key)) return;
    event.preventDefault();
    if (target.id === "fresh") fresh(key);
    else put(key, target.id === "table" ? "" : target.dataset.target);
  }

  function listen() {
    document.addEventListener("click", (event) => {
      const one = event.target.closest("[data-do]"), card = event.target.closest("[data-card]");
      if (one && DO[one.dataset.do]) DO[one.dataset.do](one);
      else if (card) mark(card.dataset.card);
    });
    document.addEventListener("keydown", press);
    document.addEventListener("dragstart", (event) => {
      const card = event.target.closest && event.target.closest("[data-card]");
      if (!card) return;
      event.dataTransfer.setData("text/plain", card.dataset.card);
      event.dataTransfer.effectAllowed = "move";
      card.classList.add("dragged");
    });
    document.addEventListener("dragover", (event) => {
      const target = findTarget(event);
      clearOver();
      if (!target || state.is_finished) return;
      event.preventDefault();
      target.classList.add("over");
    });
    document.addEventListener("drop", drop);
    document.addEventListener("dragend", () => {
      clearOver();
      document.querySelectorAll(".dragged").forEach((one) => one.classList.remove("dragged"));
    });
  }

  // Begins with a keeper; returns the state, or null if there is none.
  async function start(given) {
    keeper = given;
    const found = await load();
    if (!found) return null;
    listKeys([["1 2 3 …", "put the marked card on the pile with this number"], ...(isOpen() ? OPEN_KEYS : []), ["p", "choose a pile by its name"],
      ["0", "take the marked card back from its pile"], ["j  k  ↓  ↑", "next, previous card"], ["u", "undo the last decision"],
      ["f", "say that you have finished; afterwards: go on sorting"], ["?", "these keys"]]);
    find("study").append(...showText(found.title));
    find("who").textContent = found.person ? showPlain(found.person) : "looking only";
    document.title = `Sorting cards · ${showPlain(found.title)}`;
    listen();
    return found;
  }

  return { start, load, version: () => state.version };
})();
