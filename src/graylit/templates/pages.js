// What every page can do: be light or dark, sort its tables by a click on a column's heading, cut words.
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
  });
})();
