// What the pages on which claims are read share: the claim, the place with what stands around it, and the four readings.
"use strict";

window.claims = (() => {
  const { find, make, showText, button } = window.desk;
  const NEAR = 300; // characters of what stands before and after the words that are shown at first: chosen, so that the words are in view
  const READINGS = { supports: "supports", partly: "partly", against: "against", not_about: "not about it" };
  const KEYS = [
    ["s", "the words support the claim"],
    ["p", "they support a part of it"],
    ["a", "they speak against it"],
    ["o", "they are not about it"],
    ["n", "a reason, saved with the reading; Esc leaves it"],
    ["m", "more of what stands before and after the words, or less"],
  ];

  const nameReading = (row) => READINGS[row.reading] || "taken back";

  let isWhole = false; // whether all that stands before and after is shown
  let shown = null; // the pair on the page

  // Returns the end of what stands before the words, or the start of what stands after them, whole words of it.
  function cut(words, isBefore) {
    if (isWhole || words.length <= NEAR) return words;
    return isBefore ? `… ${words.slice(-NEAR).replace(/^\S*\s/, "")}` : `${words.slice(0, NEAR).replace(/\s\S*$/, "")} …`;
  }

  function drawPlace(one) {
    const facts = [one.segment_id || one.source_id, one.publisher, one.source_type, one.published].filter(Boolean);
    const link = one.url ? make("a", { href: one.url, rel: "noreferrer noopener", target: "_blank", id: "live" }, "live page") : null;
    const around = (words, isBefore) => (words ? make("p", { class: "around", dir: "auto" }, showText(cut(words, isBefore))) : null);
    const isCut = [one.before, one.after].some((words) => words.length > NEAR);
    const [before, coded, after] = one.parts;
    const words = one.lack
      ? make("p", { class: "notice" }, "The words are not at hand here: ", ...showText(one.lack), ".", one.memo ? [" The coder noted: ", ...showText(one.memo)] : "")
      : make("blockquote", { dir: "auto" }, showText(before), make("mark", {}, showText(coded)), showText(after));
    return make("section", { class: "place", "aria-label": "Place" },
      make("h2", { dir: "auto" }, showText(one.title)),
      make("p", { class: "facts" }, facts.map((fact) => make("span", { dir: "auto" }, showText(fact))), link),
      one.headings.length ? make("p", { class: "headings", dir: "auto" }, showText(one.headings.join(" › "))) : null,
      around(one.before, true), words, around(one.after, false),
      isCut ? make("p", {}, button("more", isWhole ? "Less around it" : "More around it", "m", { class: "plain" })) : null,
      make("p", { class: "code soft" }, "Coded as ", make("strong", {}, `${one.code.code_id} `, showText(one.code.name)),
        one.code.definition ? [": ", ...showText(one.code.definition)] : "",
        one.twins?.length ? ` · the same words as ${one.twins.join(", ")}, so one reading is for all of them` : ""));
  }

  // Returns a claim and the place that it is read against.
  const draw = (one) => [
    make("p", { class: "claim-id soft" }, `Claim ${one.claim_id}`),
    make("h1", { class: "claim", dir: "auto" }, showText(one.wording)),
    drawPlace(one),
  ];

  function drawGuideline(one) {
    find("guideline").replaceChildren(...(one ? [make("h2", {}, `A claim of ${one.guideline.guideline_id}`),
      make("p", {}, make("strong", { dir: "auto" }, showText(one.guideline.name))), make("p", { dir: "auto" }, showText(one.guideline.statement))] : []));
  }

  // Shows a pair, or that none is left, and has the keys decide on it.
  function show(one, nothing, who) {
    for (const element of document.querySelectorAll(".readings button")) element.disabled = !one;
    drawGuideline(one);
    find("note").value = one?.decided?.reason ?? "";
    find("content").scrollTop = 0;
    find("content").focus({ preventScroll: true });
    shown = one;
    if (one) document.title = `${one.claim_id} · ${one.coding_id} · ${who}`;
    find("pair").replaceChildren(...(one ? draw(one) : [make("h1", {}, nothing), make("p", {}, make("a", { href: "../" }, "What is left for you"))]));
  }

  // Shows all that stands around the words, or as much as is shown at first.
  function more() {
    isWhole = !isWhole;
    if (shown) find("pair").querySelector(".place").replaceWith(drawPlace(shown));
  }

  return { KEYS, show, nameReading, more };
})();
