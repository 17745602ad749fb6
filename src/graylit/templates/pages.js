// What every page can do: be light or dark, sort and filter its tables, say where in it a reader is, cut words.
"use strict";

(() => {
  const root = document.documentElement;
  const kept = (action) => {
    try {
      return action(window.localStorage);
    } catch {
      return null; // a browser may refuse to keep anything for pages from a folder
    }
  };
  const chosen = kept((store) => store.getItem("theme"));
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  function changeTheme() {
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    kept((store) => store.setItem("theme", root.dataset.theme));
  }

  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const asNumber = (text) => {
    const plain = text.replace(/[,\u00a0\s%]/g, "").replace("−", "-");
    return /^[+-]?\d+(\.\d+)?/.test(plain) ? parseFloat(plain) : NaN;
  };
  // Empty cells come last, whichever way a table is sorted.
  function compareCells(one, other, isNumber, sign) {
    if (!one || !other || one === "–" || other === "–") {
      return (!one || one === "–" ? 1 : 0) - (!other || other === "–" ? 1 : 0);
    }
    if (!isNumber) return sign * collator.compare(one, other);
    const [left, right] = [asNumber(one), asNumber(other)];
    if (isNaN(left) || isNaN(right)) return (isNaN(left) ? 1 : 0) - (isNaN(right) ? 1 : 0);
    return sign * (left - right);
  }

  // Turns the headings of a table into buttons; `sort(column, isNumber, sign)` puts the rows in order.
  function offerSorting(table, sort) {
    const headings = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    headings.forEach((heading, column) => {
      if (!heading.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const isNumber = heading.classList.contains("n");
        const before = heading.getAttribute("aria-sort");
        const sign = before ? (before === "ascending" ? -1 : 1) : isNumber ? -1 : 1;
        headings.forEach((one) => one.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
        sort(column, isNumber, sign);
      });
    });
  }

  function sortRows(table) {
    offerSorting(table, (column, isNumber, sign) => {
      const body = table.tBodies[0];
      const keyed = [...body.rows].map((row) => [row.cells[column]?.textContent.trim() ?? "", row]);
      keyed.sort((one, other) => compareCells(one[0], other[0], isNumber, sign));
      body.append(...keyed.map((pair) => pair[1]));
    });
  }

  // A field above each long table of the page that leaves the rows in which every word occurs.
  const LONG = 12; // rows; fewer are found by eye
  function offerFilter(table) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < LONG || "rows" in table.dataset) return;
    const form = document.createElement("form");
    form.className = "filters slim";
    form.innerHTML = '<label>find<input type="search" autocomplete="off"></label><output aria-live="polite"></output>';
    const [field, say] = [form.querySelector("input"), form.querySelector("output")];
    field.setAttribute("aria-label", `Find rows: ${table.closest("[aria-label]")?.getAttribute("aria-label") ?? "table"}`);
    (table.closest(".wide") ?? table).before(form);
    const tell = () => {
      const terms = listSought(field.value);
      for (const row of rows) row.hidden = terms.length > 0 && !terms.every((term) => fold(row.textContent).includes(term));
      const n = rows.filter((row) => !row.hidden).length;
      say.textContent = (n < rows.length ? `${n} of ` : "") + countThings(rows.length, "row");
    };
    form.addEventListener("input", tell);
    form.addEventListener("submit", (event) => event.preventDefault());
    tell();
  }

  // A table that has room needs no region of its own to be moved in, so its head may stay in sight while the page moves.
  function watchRoom() {
    const fit = (area) => {
      area.classList.remove("fits");
      const fits = area.scrollWidth <= area.clientWidth;
      area.classList.toggle("fits", fits);
      area.tabIndex = fits ? -1 : 0;
    };
    const watcher = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
    document.querySelectorAll(".wide[role=region]").forEach((area) => watcher.observe(area));
  }

  // Marks in the contents where the reader is: the last part that begins above the upper third of the window.
  function followReader() {
    const contents = document.getElementById("contents");
    const links = [...(contents?.querySelectorAll("a[href^='#']") ?? [])];
    const parts = links.map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]).filter((pair) => pair[1]);
    if (!parts.length) return;
    const here = document.getElementById("here");
    let isAsked = false;
    const mark = () => {
      isAsked = false;
      const line = window.innerHeight / 3;
      const isAtEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
      const begun = parts.filter(([, part]) => part.getBoundingClientRect().top < (isAtEnd ? window.innerHeight : line));
      const [current] = begun.at(-1) ?? parts[0];
      if (current.hasAttribute("aria-current")) return;
      links.forEach((link) => link.removeAttribute("aria-current"));
      current.setAttribute("aria-current", "location");
      if (here) here.textContent = ` · ${current.textContent}`;
      const [top, bottom] = [current.offsetTop - contents.clientHeight / 2, contents.scrollHeight];
      if (bottom > contents.clientHeight) contents.scrollTop = top;
    };
    const ask = () => {
      if (!isAsked) window.requestAnimationFrame(mark);
      isAsked = true;
    };
    window.addEventListener("scroll", ask, { passive: true });
    window.addEventListener("resize", ask);
    mark();
  }

  // What was opened from its button closes when a link of it leads to a place of the same page.
  function closeOnUse() {
    for (const list of document.querySelectorAll("nav[popover]")) {
      list.addEventListener("click", (event) => {
        if (event.target.closest("a") && list.matches(":popover-open")) list.hidePopover();
      });
    }
  }

  // Words as languages/words.py cuts them: in scripts without spaces, katakana apart, by the dictionaries of the browser.
  const HAS_UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
  const RUNS = /[\p{sc=Katakana}\u30fc]+|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc]+|./gsu;
  const segmenter = Intl.Segmenter ? new Intl.Segmenter("und", { granularity: "word" }) : null;
  // Returns [start, end] of each word; in scripts with spaces, marks of punctuation stay with their word.
  function cutWords(text) {
    return [...text.matchAll(/\S+/g)].flatMap((chunk) => {
      const whole = [chunk.index, chunk.index + chunk[0].length];
      return segmenter && HAS_UNSPACED.test(chunk[0]) ? cutChunk(chunk[0], chunk.index) : [whole];
    });
  }

  function cutChunk(chunk, offset) {
    const words = [];
    let isSpaced = false; // whether the sign before belongs to a script with spaces
    for (const run of chunk.matchAll(RUNS)) {
      const [first, end] = [offset + run.index, offset + run.index + run[0].length];
      const isWord = /[\p{L}\p{N}]/u.test(run[0]);
      if (!HAS_UNSPACED.test(run[0])) {
        if (isSpaced) words[words.length - 1][1] = end;
        else if (isWord) words.push([first, end]);
        isSpaced ||= isWord;
        continue;
      }
      isSpaced = false;
      const parts = /^\p{sc=Katakana}/u.test(run[0]) ? [{ index: 0, segment: run[0] }] : segmenter.segment(run[0]);
      for (const { index, segment } of parts) {
        if (/[\p{L}\p{N}]/u.test(segment)) words.push([first + index, first + index + segment.length]);
      }
    }
    return words;
  }

  // Folds what people leave out when they write: capitals, accents, the short vowels of Arabic and Hebrew. The vowel
  // signs of other scripts stay, and so do the voiced ones of kana: without them, it would be another word.
  const fold = (text) =>
    text.normalize("NFKD").replace(/[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g, "").normalize("NFC").toLowerCase();

  // The folded words and quoted phrases of what somebody looks for.
  function listSought(query) {
    return [...query.matchAll(/"([^"]+)"|(\S+)/g)]
      .flatMap(([, phrase, words]) => (phrase ? [phrase] : cutWords(words).map(([start, end]) => words.slice(start, end))))
      .map((part) => fold(part).replace(/^"|"$/g, ""))
      .filter(Boolean);
  }

  // A count with what is counted: "1 coding", "1,200 codings".
  const countThings = (n, thing) => `${n.toLocaleString("en")} ${thing}${n === 1 ? "" : "s"}`;

  window.graylit = { compareCells, offerSorting, cutWords, fold, listSought, countThings };

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-action=theme]")) {
      button.hidden = false;
      button.addEventListener("click", changeTheme);
    }
    document.querySelectorAll("table.sortable").forEach(sortRows);
    document.querySelectorAll("table.sortable").forEach(offerFilter);
    watchRoom();
    followReader();
    closeOnUse();
  });
})();
