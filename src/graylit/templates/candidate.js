// What pages on which candidates are decided share: the candidate, how it was found, the text of its page.
"use strict";

window.candidate = (() => {
  const { find, make, showText, ask, send, openDialog } = window.desk;
  const WAIT_MS = 2000; // until a page that is captured is looked at again: chosen
  let shown = ""; // the candidate whose text is asked for

  const describeHit = (hit) => `${hit.search_id}${hit.engine ? ` (${hit.engine})` : ""}, rank ${hit.rank}${hit.query ? `: ${hit.query}` : ""}`;

  // Returns the head of a candidate: title, facts, what engines showed of it, and by which searches it was found.
  function draw(one) {
    const link = one.url ? make("a", { href: one.url, rel: "noreferrer noopener", target: "_blank", id: "live" }, showText(one.url)) : null;
    const facts = [one.candidate_id, one.publisher, one.source_type, one.published].filter(Boolean);
    return [
      make("h1", { dir: "auto" }, showText(one.title)),
      make("p", { class: "facts" }, facts.map((fact) => make("span", { dir: "auto" }, showText(fact)))),
      make("p", { class: "facts" }, link),
      one.snippets.map((words) => make("p", { class: "snippet", dir: "auto" }, showText(words))),
      make("ul", { class: "hits" }, one.hits.length ? one.hits.map((hit) => make("li", { dir: "auto" }, "found by ", showText(describeHit(hit))))
        : make("li", {}, "found by ", showText(one.found_by))),
    ].flat(Infinity).filter(Boolean);
  }

  // Shows the text of a candidate's page as soon as it is there; another candidate may have come meanwhile.
  async function showPage(one) {
    shown = one.candidate_id;
    find("text").replaceChildren();
    const found = await ask(`candidates/${encodeURIComponent(one.candidate_id)}/text`);
    if (found && shown === found.candidate_id) drawPage(one, found);
  }

  function drawPage(one, found) {
    const lines = found.paragraphs.map((words) => make("p", { dir: "auto" }, showText(words)));
    if (found.state === "asked") {
      lines.push(make("p", { class: "soft" }, "The page is being captured …"));
      setTimeout(() => { if (shown === one.candidate_id) showPage(one); }, WAIT_MS);
    } else if (!lines.length) {
      const why = found.state === "not_tried" ? "The page was not captured yet. " : `There is no text of the page: ${found.state.replaceAll("_", " ")}. `;
      lines.push(make("p", { class: "soft" }, why, ...showText(found.note), " ", make("button", { type: "button", "data-do": "capture" }, "Capture it ", make("kbd", {}, "c"))));
    }
    if (found.is_cut) lines.push(make("p", { class: "soft" }, "The page goes on; look at the live one."));
    find("text").replaceChildren(...lines);
  }

  // Has the page that is shown captured; candidates can be decided on meanwhile.
  async function capture() {
    const one = { candidate_id: shown };
    const found = await send(`candidates/${encodeURIComponent(shown)}/text`, {}, { describe: () => `${shown} is asked for` });
    if (found && shown === found.candidate_id) drawPage(one, found);
  }

  // Shows by what a candidate is included, and the buttons that exclude it; returns the ids of the latter in order.
  function drawCriteria(criteria) {
    const including = criteria.filter((one) => one.kind === "inclusion");
    const excluding = criteria.filter((one) => one.kind !== "inclusion");
    const about = (one) => [make("strong", {}, `${one.criterion_id} `, showText(one.name)), one.definition ? make("span", { class: "soft" }, showText(one.definition)) : null];
    find("inclusion").replaceChildren(...(including.length ? [make("h2", {}, "Include it if"), make("ul", {}, including.map((one) => make("li", {}, about(one))))] : []));
    const digit = (i) => (i < 10 ? [make("kbd", {}, String((i + 1) % 10)), " "] : []);
    find("exclusion").replaceChildren(make("h2", {}, "Exclude it by"), make("ul", {}, excluding.map((one, i) =>
      make("li", {}, make("button", { type: "button", class: "criterion", "data-do": "exclude", "data-criterion": one.criterion_id }, digit(i), about(one))))));
    if (!excluding.length) find("exclusion").append(make("p", { class: "soft" }, "config/screening/criteria.csv names no criterion, so nothing can be excluded yet."));
    return excluding.map((one) => one.criterion_id);
  }

  // Has keys and clicks do what a page's `does` say; digits exclude. In the note, keys write, and Escape leaves it.
  function listen(does, pressed, excluding) {
    const press = (event) => {
      if (openDialog()) return;
      if (event.target.id === "note") {
        if (event.key !== "Escape") return;
        event.preventDefault();
        find("content").focus();
        return;
      }
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
      if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
      if (event.repeat && !["j", "k"].includes(event.key)) return;
      const criterion = /^[0-9]$/.test(event.key) ? excluding[(Number(event.key) + 9) % 10] : "";
      if (isUndo) does.undo();
      else if (criterion) does.exclude({ dataset: { criterion } });
      else if (pressed[event.key]) pressed[event.key]();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    document.addEventListener("click", (event) => {
      const element = event.target.closest("[data-do]");
      const named = { capture, ...does };
      if (element) named[element.dataset.do](element);
    });
  }

  const scroll = (share) => () => find("content").scrollBy(0, find("content").clientHeight * share);
  const READING = { c: () => document.querySelector("[data-do=capture]") && capture(), n: () => find("note").focus(), l: () => find("live")?.click(), j: scroll(0.8), k: scroll(-0.8) };

  const nameDecision = (row) => (row.decision ? [row.decision, row.criterion_id].filter(Boolean).join(" ") : "taken back");

  return { draw, showPage, drawCriteria, listen, READING, nameDecision };
})();
