// Sorting cards on the desk: the server takes each decision, and says what the tables hold.
"use strict";

const { ask, send, setPerson } = window.desk;
window.sorting.start({
  load: () => ask("state"),
  decide: (decision, describe) => send("decisions", { ...decision, version: window.sorting.version() }, { showAnew: window.sorting.load, describe }),
}).then((found) => found && setPerson(found.person));
