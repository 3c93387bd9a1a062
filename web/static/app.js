// Small courtesies; every page works without them.
"use strict";

document.addEventListener("htmx:afterSettle", () => {
  const wrong = document.querySelector("[data-focus]:not([data-seen])");
  if (!wrong) return;
  wrong.dataset.seen = "";
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "nearest" });
});

// A message about the last attempt goes when the next one starts.
document.addEventListener("htmx:beforeRequest", () => {
  const problem = document.getElementById("problem");
  if (problem) problem.textContent = "";
});

for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(kind, () => {
    const problem = document.getElementById("problem");
    if (problem) problem.textContent = problem.dataset.offline;
  });
}

// Without htmx a form is still sent once only.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The sheet of further places closes on Escape and on a press elsewhere.
const openSheets = () => document.querySelectorAll(".rest[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const sheet of openSheets()) {
    sheet.open = false;
    sheet.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const sheet of openSheets()) if (!sheet.contains(event.target)) sheet.open = false;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
