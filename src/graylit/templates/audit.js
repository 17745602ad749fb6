// The audit pages: filters, tables of any length, search, and a keyboard that reaches everything. Cells and words are
// only ever set as text, never as markup.
"use strict";

(() => {
  const make = (tag, words, attributes = {}) => {
    const element = document.createElement(tag);
    if (words !== undefined) element.append(words);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/g;
  const spell = (mark) => `⟨U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
  const show = (text) => text.replace(hidden, spell);
  const asked = () => new URLSearchParams(window.location.search);
  const { fold, listSought } = graylit;

  // What was chosen stays in the address, so that a view can be linked to.
  function keep(form) {
    const chosen = new URLSearchParams();
    for (const field of form.elements) if (field.name && field.value) chosen.set(field.name, field.value);
    for (const [name, value] of form.more ?? []) chosen.set(name, value);
    const query = chosen.toString();
    try {
      window.history.replaceState(null, "", (query ? `?${query}` : window.location.pathname.split("/").pop()) + window.location.hash);
    } catch {
      // some browsers keep the address of a page from a folder as it is
    }
  }

  function restore(form) {
    for (const [name, value] of asked()) {
      const field = form.elements.namedItem(name);
      if (!field) continue;
      field.value = value;
      if (field.value !== value && field.options) {
        field.append(make("option", show(value), { value })); // nothing has it: then nothing is to be shown
        field.value = value;
      }
    }
  }

  function offerChoice(form, name, label, values) {
    const select = make("select", undefined, { name });
    select.append(make("option", "all", { value: "" }));
    for (const [value, words] of values) {
      select.append(make("option", show(`${value} ${words}`).trim() || "(empty)", { value: value || "\u2205" }));
    }
    const place = make("label", label);
    place.append(select);
    form.insertBefore(place, form.querySelector("output"));
  }

  // Filters of a page of codings: what does not fit is hidden, and places with nothing left too.
  function filterPlaces(form) {
    const area = document.querySelector("[data-places]");
    const codings = [...area.querySelectorAll(".coding")];
    const say = form.querySelector("output");
    const apply = () => {
      const wanted = [...form.elements].filter((field) => field.name && field.value);
      const shown = new Set();
      for (const one of codings) {
        one.hidden = wanted.some((field) => one.dataset[field.name] !== field.value);
        if (!one.hidden) shown.add(one.id || one);
      }
      for (const mark of area.querySelectorAll("mark[data-codings]")) {
        mark.classList.toggle("plain", wanted.length > 0 && !mark.dataset.codings.split(" ").some((id) => shown.has(id)));
      }
      for (const place of area.querySelectorAll(".place:not(.segment)")) {
        place.hidden = !place.querySelector(".coding:not([hidden])");
      }
      for (const group of area.querySelectorAll("[data-group]")) {
        group.hidden = wanted.length > 0 && !group.querySelector(".coding:not([hidden])");
      }
      say.textContent = wanted.length ? `${shown.size} of ${graylit.countThings(codings.length, "coding")}` : graylit.countThings(codings.length, "coding");
      keep(form);
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    restore(form);
    apply();
  }

  // Filters of a table whose rows stand in the page. Columns without choices can be asked for in the address all the same.
  function filterRows(table) {
    const headings = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    const cell = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
    const form = make("form", undefined, { class: "filters", "aria-label": "Filter rows" });
    const words = make("label", "words");
    words.append(make("input", undefined, { type: "search", name: "words" }));
    const say = make("output", undefined, { "aria-live": "polite" });
    const drop = make("button", "All rows", { type: "button" });
    form.append(words, say);
    const columns = {};
    headings.forEach((heading, column) => {
      if (heading.dataset.key) columns[heading.dataset.key] = column;
      if (!("filter" in heading.dataset)) return;
      const all = rows.flatMap((row) => (heading.dataset.filter === "parts" ? cell(row, column).split(/;\s+/) : [cell(row, column)]));
      const values = [...new Set(all)].sort().map((value) => [value, ""]);
      if (values.length > 1) offerChoice(form, heading.dataset.key, heading.textContent.trim(), values);
    });
    form.append(drop);
    form.more = [...asked()].filter(([name]) => name in columns && !form.elements.namedItem(name));
    table.closest(".wide").before(form);
    const isIn = (shown, value) => shown === value || shown.split(/;\s+/).includes(value);
    const apply = () => {
      const wanted = [...form.elements]
        .filter((field) => field.name && field.value && field.name !== "words")
        .map((field) => [columns[field.name], field.value.replace("\u2205", "")])
        .concat(form.more.map(([name, value]) => [columns[name], value]));
      const terms = listSought(form.elements.words.value);
      let n = 0;
      for (const row of rows) {
        const fits = wanted.every(([column, value]) => isIn(cell(row, column), value));
        row.hidden = !(fits && (!terms.length || terms.every((term) => fold(row.textContent).includes(term))));
        n += row.hidden ? 0 : 1;
      }
      const narrowed = form.more.map(([name, value]) => ` (${name.replaceAll("_", " ")} ${show(value)})`).join("");
      say.textContent = (n === rows.length ? graylit.countThings(n, "row") : `${n} of ${graylit.countThings(rows.length, "row")}`) + narrowed;
      drop.hidden = !narrowed;
      keep(form);
    };
    drop.addEventListener("click", () => {
      form.more = [];
      apply();
    });
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    restore(form);
    apply();
  }

  // A table whose rows come from files beside the page: only those looked at are built.
  const STEP = 200;
  const given = [];
  const records = [];
  const sourceOf = (id) => id.replace(/-[^-]*$/, "");
  const LINKS = {
    source_id: (id) => `sources/${id}.html`,
    code_id: (id) => `codes/${id}.html`,
    guideline_id: (id) => `guidelines/${id}.html`,
    theme_id: (id) => `codes.html#${id}`,
    candidate_id: (id) => `screening.html#${id}`,
    search_id: (id) => `tables/searches.html${id === "all" ? "" : `?search_id=${id}`}`,
    segment_id: (id) => `sources/${sourceOf(id)}.html#${id}`,
    topic_id: (id) => `tables/topics.html?topic_id=${id}`,
    adjudication_id: (id) => `tables/log.html#${id}`,
    screening_id: (id) => `tables/log.html#${id}`,
    coding_id: (id, row) => (row.source_id ? `sources/${row.source_id}.html#${id}` : `tables/codings.html#${id}`),
  };
  const KINDS = [
    [/code_ids?$/, "code_id"], [/guideline_ids?$/, "guideline_id"], [/segment_ids?$/, "segment_id"],
    [/coding_ids?$|^replaces$/, "coding_id"], [/screening_ids?$|^settles$/, "screening_id"],
    [/candidate_id$|^duplicate_of$/, "candidate_id"], [/^(source_id|theme_id|topic_id|adjudication_id)$/, null],
  ];
  function kindOf(name) {
    for (const [pattern, kind] of KINDS) if (pattern.test(name)) return kind ?? name;
    return name === "replaced_by" ? "code_id" : "";
  }

  function fillCell(cell, name, value, row, root) {
    const kind = kindOf(name);
    if (kind && value) {
      value.split("; ").forEach((id, number) => {
        if (number) cell.append("; ");
        const target = /^[A-Za-z0-9_.-]+$/.test(id) && id !== "-1" ? root + LINKS[kind](id, row) : "";
        cell.append(target ? make("a", id, { href: target }) : show(id));
      });
    } else if (name === "page") {
      cell.append(make("a", "show", { href: root + value }));
    } else if (/^https?:\/\/\S+$/.test(value) && /(^|_)url$/.test(name)) {
      cell.append(make("a", show(value), { href: value, rel: "noreferrer noopener" }));
    } else {
      cell.append(make("bdi", show(value)));
    }
  }

  function showTable(table) {
    const columns = JSON.parse(table.dataset.made);
    const names = columns.map((column) => column.name);
    const at = Object.fromEntries(names.map((name, number) => [name, number]));
    const form = document.querySelector("[data-table-filters]");
    const more = document.querySelector("[data-action=more]");
    const body = table.tBodies[0];
    for (const column of columns) {
      if (column.choices.length) offerChoice(form, column.name, column.name.replaceAll("_", " "), column.choices);
    }
    // Columns without choices can be asked for in the address all the same.
    form.more = [...asked()].filter(([name]) => name in at && !form.elements.namedItem(name));
    restore(form);
    const key = at.coding_id ?? at.id ?? 0; // what a link to a row of this table names
    let found = [];
    let n = 0;
    const build = (record) => {
      const row = make("tr", undefined, record[key] ? { id: record[key] } : {});
      const byName = Object.fromEntries(names.map((name, number) => [name, record[number]]));
      columns.forEach((column, number) => {
        const isShort = record[number].length <= 24 && !/\s/.test(record[number]);
        const kind = column.number ? "n" : column.long ? "long" : isShort ? "short" : "";
        const cell = make("td", undefined, kind ? { class: kind } : {});
        fillCell(cell, column.name, record[number], byName, table.dataset.root);
        row.append(cell);
      });
      return row;
    };
    const extend = (until) => {
      body.append(...found.slice(n, until).map(build));
      n = Math.min(until, found.length);
      more.hidden = n >= found.length;
      more.textContent = `Show ${Math.min(STEP, found.length - n)} more of ${found.length - n}`;
    };
    const apply = () => {
      const wanted = [...form.elements]
        .filter((field) => field.name && field.value && field.name !== "words")
        .map((field) => [at[field.name], field.value.replace("\u2205", "")])
        .concat(form.more.map(([name, value]) => [at[name], value]));
      const terms = listSought(form.elements.words.value);
      const fits = (record) =>
        wanted.every(([column, value]) => record[column] === value || record[column].split("; ").includes(value)) &&
        (!terms.length || terms.every((term) => fold(record.join(" ")).includes(term)));
      found = wanted.length || terms.length ? records.filter(fits) : records.slice();
      if (form.order) found.sort(form.order);
      body.replaceChildren();
      n = 0;
      extend(STEP);
      const narrowed = form.more.map(([name, value]) => `${name.replaceAll("_", " ")} ${show(value)}`).join(", ");
      form.querySelector("output").textContent =
        (found.length === records.length ? "" : `${found.length} of `) + graylit.countThings(records.length, "row") +
        (narrowed ? ` (${narrowed})` : "");
      drop.hidden = !narrowed;
      keep(form);
    };
    const drop = make("button", "All rows", { type: "button" });
    drop.addEventListener("click", () => {
      form.more = [];
      apply();
    });
    form.append(drop);
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    more.addEventListener("click", () => extend(n + STEP));
    graylit.offerSorting(table, (column, isNumber, sign) => {
      form.order = (one, other) => graylit.compareCells(one[column], other[column], isNumber, sign);
      apply();
    });
    const lead = () => {
      const id = decodeURIComponent(window.location.hash.slice(1));
      const number = id ? found.findIndex((record) => record[key] === id) : -1;
      if (number < 0) return;
      if (number >= n) extend(number + STEP);
      document.getElementById(id)?.scrollIntoView({ block: "center" });
      document.getElementById(id)?.classList.add("led-to");
    };
    apply();
    lead();
    window.addEventListener("hashchange", lead);
  }

  // Search: the words of all texts at hand and of all decisions, looked through as they are.
  function search(form) {
    const list = document.querySelector(".found");
    const more = document.querySelector("[data-action=more]");
    const say = form.querySelector("output");
    const folded = given.map(([, , , words]) => fold(words));
    let found = [];
    let n = 0;
    const terms = () => listSought(form.elements.q.value);
    const snippet = (words, wanted) => {
      const plain = fold(words).length === words.length ? fold(words) : words.toLowerCase();
      const first = Math.max(0, Math.min(...wanted.map((term) => plain.indexOf(term)).filter((place) => place >= 0), Infinity));
      const from = Number.isFinite(first) ? Math.max(0, first - 90) : 0;
      const cut = words.slice(from, from + 320);
      const holder = make("p", from ? "…" : "", { dir: "auto" });
      const low = plain.slice(from, from + 320);
      let at = 0;
      while (at < cut.length) {
        const hits = wanted.map((term) => [low.indexOf(term, at), term.length]).filter(([place]) => place >= 0);
        if (!hits.length) break;
        const [place, length] = hits.reduce((one, other) => (other[0] < one[0] ? other : one));
        holder.append(show(cut.slice(at, place)), make("mark", show(cut.slice(place, place + length)), { class: "hit" }));
        at = place + length;
      }
      holder.append(show(cut.slice(at)), from + 320 < words.length ? "…" : "");
      return holder;
    };
    const extend = () => {
      const wanted = terms();
      for (const number of found.slice(n, n + 50)) {
        const [kind, title, target, words] = given[number];
        const item = make("li");
        const line = make("p", undefined, { class: "where" });
        const link = make("a", undefined, { href: target });
        link.append(make("bdi", show(title)));
        line.append(link, " ", make("span", kind, { class: "tag" }));
        item.append(line, snippet(words, wanted));
        list.append(item);
      }
      n = Math.min(n + 50, found.length);
      more.hidden = n >= found.length;
      more.textContent = `Show more of ${found.length - n}`;
    };
    const apply = () => {
      const wanted = terms();
      const kind = form.elements.in.value;
      found = [];
      if (wanted.length) {
        folded.forEach((words, number) => {
          if ((!kind || given[number][0] === kind) && wanted.every((term) => words.includes(term))) found.push(number);
        });
      }
      list.replaceChildren();
      n = 0;
      extend();
      say.textContent = wanted.length ? `${found.length} found` : "";
      keep(form);
    };
    restore(form);
    let timer = 0;
    form.addEventListener("input", (event) => {
      window.clearTimeout(timer);
      if (event.target === form.elements.q) timer = window.setTimeout(apply, 80);
      else apply();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      apply();
      list.querySelector("a")?.focus();
    });
    more.addEventListener("click", extend);
    form.elements.q.focus();
    apply();
  }

  // Words light up when their coding is pointed at, and the other way round.
  function lightUp() {
    const marks = [...document.querySelectorAll("mark[data-codings]")];
    const light = (id, isOn) => {
      for (const mark of marks) if (mark.dataset.codings.split(" ").includes(id)) mark.classList.toggle("lit", isOn);
    };
    for (const coding of document.querySelectorAll(".coding[id]")) {
      for (const event of ["mouseenter", "focusin"]) coding.addEventListener(event, () => light(coding.id, true));
      for (const event of ["mouseleave", "focusout"]) coding.addEventListener(event, () => light(coding.id, false));
    }
    const lead = () => {
      for (const mark of document.querySelectorAll("mark.lit")) mark.classList.remove("lit");
      const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
      if (!target) return;
      target.closest("details")?.setAttribute("open", "");
      if (target.matches(".coding")) light(target.id, true);
      if (target.matches(".coding, .place")) {
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: "center" });
      }
    };
    window.addEventListener("hashchange", lead);
    lead();
  }

  function reachByKeys() {
    const places = () => [...document.querySelectorAll(".place.coded, .place:not(.segment), .found li, tbody tr[id]")].filter((one) => one.checkVisibility());
    const step = (sign) => {
      const all = places();
      const top = (one) => one.getBoundingClientRect().top;
      const line = window.innerHeight / 3;
      const held = all.findIndex((one) => one.contains(document.activeElement));
      let next = held >= 0 ? held + sign : sign > 0 ? all.findIndex((one) => top(one) > line) : all.findLastIndex((one) => top(one) < line - 5);
      if (next < 0 || next >= all.length) return;
      const target = all[next];
      (target.matches("[tabindex]") ? target : target.querySelector("a") ?? target).focus({ preventScroll: true });
      target.scrollIntoView({ block: "center" });
    };
    const follow = (rel) => document.querySelector(`a[rel=${rel}]`)?.click();
    const KEYS = { n: () => step(1), p: () => step(-1), "[": () => follow("prev"), "]": () => follow("next") };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
      if (event.key === "/") {
        event.preventDefault();
        (document.querySelector("[data-search] input, [data-table-filters] input") ?? document.querySelector("input[name=q]"))?.focus();
      } else if (event.key in KEYS) {
        KEYS[event.key]();
      }
    });
  }

  graylit.addRows = (rows) => records.push(...rows);
  graylit.addWords = (rows) => given.push(...rows);

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-filters]").forEach(filterPlaces);
    document.querySelectorAll("table[data-rows]").forEach(filterRows);
    document.querySelectorAll("table[data-made]").forEach(showTable);
    document.querySelectorAll("form[data-search]").forEach(search);
    lightUp();
    reachByKeys();
  });
})();
