// Sorting cards without Graylit: this page asks nothing of a network. What is done is kept in the browser, and saved as a
// file that `graylit import sort` takes.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const { find, keep, say, showSaved } = window.desk;
  const sheet = JSON.parse(find("sheet").textContent);
  const place = `graylit sort ${sheet.study} ${sheet.sorter} ${sheet.cards.map((card) => card.key).sort().join(" ")}`;
  const UNNAMED = /^unnamed [0-9]+$/;
  const READY = { placed: [], begun_at: "", finished_at: "", note: "" };
  let work = READY; // placed: [key, pile] in the order in which cards were put there
  const before = []; // what was placed before each decision that can be undone

  const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const fold = (name) => name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  const clean = (name) => name.normalize("NFC").replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").replace(/\s+/g, " ").trim();
  const isOpen = sheet.kind === "open";

  function restore() {
    const found = keep((store) => JSON.parse(store.getItem(place)));
    if (found && Array.isArray(found.placed)) work = { ...READY, ...found };
  }

  function listPiles(placed = work.placed) {
    const piles = new Map(sheet.given.map((name) => [name, []]));
    for (const [key, pile] of placed) piles.set(pile, [...(piles.get(pile) || []), key]);
    return piles;
  }

  function describe() {
    return { title: sheet.title, person: sheet.sorter, kind: sheet.kind, version: "", cards: sheet.cards,
      piles: [...listPiles()].map(([name, cards]) => ({ name, cards })), is_finished: Boolean(work.finished_at), can_undo: before.length > 0 && !work.finished_at };
  }

  function change(placed) {
    before.push(work.placed);
    work = { ...work, placed, begun_at: work.begun_at || now() };
    return "";
  }

  // Each returns why it is refused; '' if it was done.
  function readName(asked, known) {
    const name = clean(asked);
    return known.find((one) => fold(one) === fold(name)) || name;
  }

  function put({ card, pile }) {
    const rest = work.placed.filter(([key]) => key !== card);
    if (!pile) return change(rest);
    const name = readName(pile, [...listPiles().keys()]);
    if (/^[=@]/.test(name)) return "A name of a pile does not begin with = or @.";
    if (!isOpen && !sheet.given.includes(name)) return "The piles of this sort are given.";
    return change([...rest, [card, name]]);
  }

  function rename({ pile, name: asked }) {
    const others = [...listPiles().keys()].filter((one) => one !== pile), name = readName(asked, others);
    if (others.includes(name)) return `There is a pile “${name}” already; merge the two, or take another name.`;
    if (!name || /^[=@]/.test(name)) return "A name of a pile does not begin with = or @.";
    return change(work.placed.map(([key, on]) => [key, on === pile ? name : on]));
  }

  const merge = ({ pile, into }) => change(work.placed.map(([key, on]) => [key, on === pile ? into : on]));

  function undo() {
    work = { ...work, placed: before.pop() };
    return "";
  }

  function finish({ note }) {
    const unnamed = [...listPiles().keys()].filter((name) => UNNAMED.test(name));
    if (unnamed.length) return `Give each pile a name first: ${unnamed.join(", ")}.`;
    work = { ...work, finished_at: now(), note: clean(note) };
    return "";
  }

  function reopen() {
    work = { ...work, finished_at: "" };
    return "";
  }

  const TAKEN = { put, rename, merge, undo, finish, reopen };

  function decide(decision, tell) {
    const why = TAKEN[decision.kind](decision);
    if (why) return say(why);
    const isKept = keep((store) => { store.setItem(place, JSON.stringify(work)); return true; });
    say(isKept ? "" : "This browser keeps nothing for pages from a folder: do not close the page before you have saved the answer file.");
    showSaved(`${isKept ? "Kept" : "Noted"}: ${tell()}`);
    return describe();
  }

  function makeAnswer() {
    const nameOf = new Map(sheet.cards.map((card) => [card.key, card.name]));
    const piles = [...listPiles()].filter(([, cards]) => cards.length).map(([name, cards]) => ({ name, cards: cards.map((key) => ({ key, name: nameOf.get(key) })) }));
    return { graylit: "answer of a card sort", study: sheet.study, sorter: sheet.sorter, kind: sheet.kind, seed: sheet.seed,
      begun_at: work.begun_at, finished_at: work.finished_at, note: work.note, piles };
  }

  function download() {
    const content = new Blob([`${JSON.stringify(makeAnswer(), null, 1)}\n`], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = `answer_${sheet.sorter.replace(/[^\p{L}\p{N}._-]+/gu, "_")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    showSaved("The answer file is saved");
  }

  restore();
  work = { ...work, placed: work.placed.filter(([key]) => sheet.cards.some((card) => card.key === key)) };
  document.body.classList.add("sorting");
  find("download").addEventListener("click", download);
  window.sorting.start({ load: describe, decide, drawn: (state) => { find("answer").hidden = !state.is_finished; } });
});
