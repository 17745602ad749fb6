// A form in a dialog: fields of words, lists and boxes, saved with Ctrl+Enter. What was typed stays until it is saved.
"use strict";

window.forms = (() => {
  const { find, make, showText } = window.desk;
  let form = null; // fields, and what takes their values

  const nameField = (field) => `form-${field.name}`;

  function drawChoices(field, values) {
    const options = typeof field.options === "function" ? field.options(values) : field.options;
    const chosen = new Set(values[field.name] ?? []);
    const boxes = options.map(([value, label]) => make("label", {},
      make("input", { type: field.kind === "radio" ? "radio" : "checkbox", name: nameField(field), value,
        checked: field.kind === "radio" ? values[field.name] === value : chosen.has(value) }), " ", showText(label)));
    return boxes.length ? boxes : [make("span", { class: "soft" }, field.none ?? "none")];
  }

  function drawField(field, values) {
    const id = nameField(field);
    if (field.kind === "checks" || field.kind === "radio") {
      return make("fieldset", { class: "choices", "data-field": field.name }, make("legend", {}, field.label), drawChoices(field, values));
    }
    const shared = { id, autocomplete: "off" };
    const input = field.kind === "area" ? make("textarea", { ...shared, rows: field.rows ?? 3 })
      : field.kind === "select" ? make("select", shared, field.options.map(([value, label]) => make("option", { value }, showText(label))))
        : make("input", { ...shared, type: "text" });
    if (field.kind !== "select" || field.options.some(([value]) => value === values[field.name])) input.value = values[field.name] ?? "";
    return make("p", { class: "field" }, make("label", { for: id }, field.label), input);
  }

  function readValues() {
    return Object.fromEntries(form.fields.map((field) => {
      if (field.kind === "checks" || field.kind === "radio") {
        const chosen = [...document.getElementsByName(nameField(field))].filter((box) => box.checked).map((box) => box.value);
        return [field.name, field.kind === "radio" ? chosen[0] ?? "" : chosen];
      }
      return [field.name, find(nameField(field)).value];
    }));
  }

  // Opens a form; `save` takes the values and returns whether they were saved.
  function open({ title, note = "", fields, values = {}, save }) {
    form = { fields, save };
    find("form-title").textContent = title;
    find("form-note").textContent = note;
    find("form-note").hidden = !note;
    find("form-notice").textContent = "";
    find("form-fields").replaceChildren(...fields.map((field) => drawField(field, values)));
    find("form").showModal();
    find("form-fields").querySelector("input, textarea, select")?.focus();
    return null;
  }

  async function save() {
    if (!form || form.isBusy) return;
    form.isBusy = true;
    const saved = await form.save(readValues());
    form.isBusy = false;
    if (saved) find("form").close();
    else find("form-notice").textContent = find("notice").textContent;
  }

  // Draws the boxes anew that depend on another field, such as the codes of a theme.
  function follow(event) {
    const changed = form?.fields.find((field) => nameField(field) === event.target.id);
    for (const field of form?.fields ?? []) {
      if (changed && field.follows === changed.name) {
        const box = find("form-fields").querySelector(`[data-field="${field.name}"]`);
        box.replaceChildren(box.querySelector("legend"), ...drawChoices(field, readValues()));
      }
    }
  }

  document.addEventListener("change", follow);
  document.addEventListener("keydown", (event) => {
    if (find("form").open && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  });
  return { open, save };
})();
