// What every page can do: be light or dark, sort its tables by a click on a column's heading.
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

  window.graylit = { compareCells, offerSorting };

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-action=theme]")) {
      button.hidden = false;
      button.addEventListener("click", changeTheme);
    }
    document.querySelectorAll("table.sortable").forEach(sortRows);
  });
})();
