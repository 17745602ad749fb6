// What every page of the desk does: ask, decide one after another, say what is saved, open dialogs, show text as text.
// The tables on disk are the truth: a page shows what the server says they hold, and calls a decision saved when the
// server has said so. Everything is put into a page as text, never as markup.
"use strict";

window.desk = (() => {
  const find = (id) => document.getElementById(id);
  const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/gu;
  const FAULT = { message: "The program behind this page met a fault of its own (its terminal shows it). Load the page again to see what was saved." };
  let person = ""; // whose desk it is, once the server has said so

  // Making parts of a page ------------------------------------------------------------------------------------------

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in element && typeof value === "boolean") element[key] = value;
      else if (value !== null) element.setAttribute(key, value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== ""));
    return element;
  }

  // Control characters are spelled out; each keeps its length, so that places in the words stay what they are.
  function showText(words) {
    const parts = [];
    let last = 0;
    for (const found of words.matchAll(CONTROLS)) {
      parts.push(words.slice(last, found.index));
      const name = `U+${found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
      parts.push(make("span", { class: "control", "data-name": name }, "\ufffd".repeat(found[0].length)));
      last = found.index + found[0].length;
    }
    return [...parts, words.slice(last)].filter(Boolean);
  }

  const showPlain = (words) => words.replace(CONTROLS, "\ufffd");
  const button = (what, label, key = "", more = {}) =>
    make("button", { type: "button", "data-do": what, ...more }, label, key ? " " : null, key ? make("kbd", {}, key) : null);

  function keep(action) {
    try {
      return action(window.localStorage);
    } catch {
      return null; // a browser may refuse to keep anything
    }
  }

  // Talking to the server -------------------------------------------------------------------------------------------

  function say(message) {
    const notice = find("notice");
    notice.hidden = !message;
    notice.replaceChildren(...showText(message));
    if (message) notice.scrollIntoView({ block: "nearest" });
    return null;
  }

  function showSaved(words, isSaved = true) {
    find("saved").className = isSaved ? "" : "waiting";
    find("saved").textContent = words;
  }

  // A name as it is typed in a command: within quotes no sign that a name may have means anything to a shell.
  const typePerson = () => (/^[\w.-]+$/.test(person) ? person : `"${person || "…"}"`);

  function sayEnded() {
    showSaved("Not called saved", false);
    return say("The program behind this page has ended, and did not say that the last decision was saved. Start it again (graylit " +
      `desk --as ${typePerson()}) and open the new address: it shows what is saved. All that was called saved is in the tables.`);
  }

  async function ask(path) {
    const [isOk, body] = await read(path);
    return isOk ? body : body ? say(body.message) : sayEnded();
  }

  // Returns whether a request was granted, the answer, and its status; no answer if the program ended, also while it gave one.
  async function read(path, request = {}) {
    let answer;
    try {
      answer = await fetch(path, request);
      return [answer.ok, await answer.json(), answer.status];
    } catch {
      return [false, answer && !answer.ok ? FAULT : null, 0];
    }
  }

  // Sends one decision. Returns what the server answers, or null if nothing was saved: the notice says why.
  async function send(path, decision, { showAnew = null, describe }) {
    showSaved("Saving …", false);
    const [isOk, body, status] = await read(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(decision) });
    if (!body) return sayEnded();
    showSaved("");
    if (status === 409 && showAnew) await showAnew();
    if (!isOk) return say(body.message);
    showSaved(`Saved: ${describe(body)}`);
    say("");
    return body;
  }

  // Returns what takes decisions one after another: each is a function that sends it, or returns {} if there is nothing
  // to save. What was decided before a failure was seen does not follow it.
  function makeLine() {
    let line = Promise.resolve();
    let failures = 0;
    return (take) => {
      const seen = failures;
      line = line.then(async () => {
        if (failures !== seen) return null;
        const answer = await take();
        if (!answer) failures += 1;
        return answer;
      });
      return line;
    };
  }

  // Dialogs and keys ------------------------------------------------------------------------------------------------

  function open(id, focus) {
    find(id).showModal();
    if (focus) find(focus).focus();
  }

  const openDialog = () => document.querySelector("dialog[open]");

  function listKeys(keys) {
    find("keys").querySelector("tbody").append(...keys.map(([key, words]) =>
      make("tr", {}, make("td", {}, make("kbd", {}, key)), make("td", {}, words))));
  }

  const setPerson = (name) => { person = name; };

  return { find, make, showText, showPlain, button, keep, ask, send, say, showSaved, makeLine, open, openDialog, listKeys, setPerson, typePerson };
})();
