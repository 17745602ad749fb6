// Pages that decide on codings: their words in context, rows of the codebook beside them, and the choice of a code.
"use strict";

window.place = (() => {
  const { find, make, showText, open } = window.desk;
  const PARTS = [["definition", ""], ["include_when", "Give it when"], ["exclude_when", "Do not give it when"]];
  const toUnits = (words, points) => Array.from(words).slice(0, Math.max(0, points)).join("").length;
  let choose = () => {};
  let codes = []; // what can be chosen
  let picked = "";

  // Returns the words of a place within the segments around them; what was coded is marked.
  function draw(place) {
    if (place.lack) return [make("p", { class: "notice" }, `The words cannot be shown: ${place.lack}.`)];
    if (!place.segments.length) return [make("p", { class: "soft" }, "The coding is about the source as a whole, or its words are not here.")];
    let path = "";
    return place.segments.map((segment) => {
      const isSame = String(segment.headings) === path;
      path = String(segment.headings);
      return make("section", { class: `context ${segment.kind}` },
        segment.headings.length && !isSame ? make("h3", {}, showText(segment.headings.join(" › "))) : "",
        make("p", { dir: "auto", class: segment.start < place.end && place.start < segment.end ? "coded" : "near" }, mark(segment, place)));
    });
  }

  function mark(segment, place) {
    const start = toUnits(segment.words, place.start - segment.start);
    const end = toUnits(segment.words, place.end - segment.start);
    if (start >= segment.words.length || end <= 0) return showText(segment.words);
    return [...showText(segment.words.slice(0, start)), make("mark", {}, showText(segment.words.slice(start, end))), ...showText(segment.words.slice(end))];
  }

  // Returns a row of the codebook; what differs from `other` is marked.
  function drawCode(code, label, other = null) {
    return make("section", { class: "side", "aria-label": label }, make("p", { class: "soft" }, label),
      make("p", { class: "verdict" }, `${code.code_id} `, showText(code.name)),
      PARTS.map(([name, title]) => (code[name] ? make("p", { class: other && other[name] !== code[name] ? "changed" : null, dir: "auto" },
        title ? make("strong", {}, `${title}: `) : "", showText(code[name])) : "")));
  }

  // Choosing a code -------------------------------------------------------------------------------------------------

  function rank() {
    const wanted = find("choosing-words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const weigh = (code) => {
      const name = `${code.code_id} ${code.name}`.toLowerCase();
      const rest = `${code.definition} ${code.include_when}`.toLowerCase();
      if (!wanted.every((word) => name.includes(word) || rest.includes(word))) return -1;
      return wanted.filter((word) => name.includes(word)).length + wanted.filter((word) => code.code_id.toLowerCase() === word).length;
    };
    return codes.map((code, i) => ({ code, i, weight: weigh(code) })).filter((one) => one.weight >= 0)
      .sort((a, b) => b.weight - a.weight || a.i - b.i).map((one) => one.code);
  }

  function drawCodes() {
    const ranked = rank();
    if (!ranked.some((code) => code.code_id === picked)) picked = ranked[0]?.code_id ?? "";
    find("choosing-codes").replaceChildren(...ranked.map((code) => make("li", { role: "option", id: `choose-${code.code_id}`, "aria-selected": String(code.code_id === picked) },
      make("strong", {}, `${code.code_id} `, showText(code.name)), code.code_id === picked ? make("span", { class: "soft" }, showText(code.definition)) : "")));
    find("choosing-words").setAttribute("aria-activedescendant", picked ? `choose-${picked}` : "");
    find(`choose-${picked}`)?.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const ids = rank().map((code) => code.code_id);
    picked = ids[Math.min(Math.max(ids.indexOf(picked) + by, 0), ids.length - 1)] ?? "";
    drawCodes();
  }

  // Opens the list of codes; `then` gets the id of the one that is chosen.
  function ask(known, title, then) {
    codes = known;
    picked = "";
    choose = then;
    find("choosing-title").textContent = title;
    find("choosing-words").value = "";
    open("choosing", "choosing-words");
    drawCodes();
  }

  function take() {
    if (!picked) return;
    find("choosing").close();
    choose(picked);
  }

  function press(event) {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") event.repeat || take();
    else if (event.key === "Escape") find("choosing").close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  if (find("choosing")) {
    find("choosing-words").addEventListener("input", () => { picked = ""; drawCodes(); });
    find("choosing-words").addEventListener("keydown", press);
    find("choosing-codes").addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      picked = option.id.replace("choose-", "");
      take();
    });
  }

  return { draw, drawCode, ask };
})();
