// How the screening goes: screeners, agreement, the flow of PRISMA; and included candidates become sources.
"use strict";

const { find, make, showText, showPlain, button, ask, send, open } = window.desk;

let study; // who looks
let state; // the figures

const table = (caption, headings, rows) => make("div", { class: "wide", role: "region", tabindex: "0", "aria-label": caption }, make("table", {}, make("caption", {}, caption),
  make("thead", {}, make("tr", {}, headings.map((name) => make("th", {}, name)))),
  make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell) => make("td", {}, showText(String(cell)))))))));

function drawFigures() {
  const interval = (row) => (row.low ? `${row.low} to ${row.high}` : "");
  find("figures").replaceChildren(
    table("Screeners", ["screener", "round", "decided", "of"], state.screeners.map((one) => [one.name, one.round, one.n_done, one.n_pages])),
    state.agreement.length ? table("Agreement", ["round", "screeners", "measure", "value", "95 % interval", "candidates"],
      state.agreement.map((row) => [row.round, row.screeners, row.measure.replaceAll("_", " "), row.value || "undefined", interval(row), row.n_candidates])) : "",
    table("Flow (PRISMA 2020)", ["", "records"], state.flow),
    state.n_divided ? make("p", {}, `${graylit.countThings(state.n_divided, "candidate")} ${state.n_divided === 1 ? "is" : "are"} excluded by different criteria: counted is the one named most, else the first by its id.`) : "",
    state.is_settled ? "" : make("p", {}, `Included candidates become sources ${study.unsettled}.`),
    make("p", {}, state.n_unlisted ? `${graylit.countThings(state.n_unlisted, "included candidate")} ${state.n_unlisted === 1 ? "is" : "are"} no source yet. ` : "",
      state.n_unlisted && state.is_settled && study.can_include ? button("include", "Make sources of them …", "", { class: "strong" }) : ""));
}

async function show() {
  state = await ask("figures");
  if (state) drawFigures();
}

async function include() {
  find("including").close();
  const saved = await send("include", { version: state.version }, { showAnew: show, describe: (body) => showPlain([body.lines[0], body.next].join(" ")) });
  if (saved) await show();
}

async function start() {
  study = await ask("study");
  if (!study) return;
  window.desk.setPerson(study.person);
  find("study").append(...showText(study.title));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-do=include]")) return;
    find("including-title").textContent = `Make sources of ${graylit.countThings(state.n_unlisted, "included candidate")}?`;
    open("including");
  });
  find("include").addEventListener("click", include);
  find("close").addEventListener("click", () => find("including").close());
  await show();
}

start();
