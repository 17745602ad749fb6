// The first page of the desk: what is left for a person, task by task.
"use strict";

const { find, make, showText, showPlain, ask, setPerson } = window.desk;

const countLeft = (one) => (one.n_left ? `${one.n_left.toLocaleString("en")} ${one.things} left` : one.n_done ? "✓ all done" : "nothing yet");
const tellTime = (when) => when.replace("T", " ").replace(/:\d\dZ$/, " UTC");

function drawTask(one) {
  const facts = [
    `${one.n_done.toLocaleString("en")} of ${(one.n_left + one.n_done).toLocaleString("en")} ${one.things} done`,
    one.last_at ? `your last decision ${tellTime(one.last_at)}` : one.since ? `yours since ${tellTime(one.since)}` : "",
  ].filter(Boolean).join(" · ");
  return make("li", {}, make("a", { href: `${one.name}/`, class: one.n_left ? null : "done" },
    make("strong", {}, one.title), make("span", { class: "count" }, countLeft(one)),
    make("span", { class: "facts" }, facts),
    make("progress", { max: Math.max(1, one.n_left + one.n_done), value: one.n_done, "aria-label": `${one.title}: done` })));
}

async function start() {
  const left = await ask("left");
  if (!left) return;
  setPerson(left.person);
  find("study").append(...showText(left.title));
  find("who").textContent = left.is_read_only ? "looking only" : showPlain(left.person);
  document.title = `What is left · ${showPlain(left.title)}`;
  find("heading").textContent = left.is_read_only ? "What is left" : "What is left for you";
  find("tasks").replaceChildren(...(left.tasks.length ? left.tasks.map(drawTask) : [make("li", { class: "soft" }, "Nothing is left to decide here.")]));
}

start();
