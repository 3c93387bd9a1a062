// The text of an item as a sheet to write on: keeps tables pasted from Word and WPS, drops the rest.
// Without this script the same text is written in a plain box; the server cleans either way.
"use strict";

const KEPT = new Set(
  "P BR STRONG B EM I H2 H3 H4 UL OL LI TABLE THEAD TBODY TR TH TD DIV".split(" "),
);
const DROPPED = new Set("STYLE SCRIPT TITLE META LINK XML TEMPLATE NOSCRIPT".split(" "));

function copied(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) into.append(node.textContent);
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.tagName)) continue;
    const kept = KEPT.has(node.tagName) ? document.createElement(node.tagName) : into;
    for (const name of ["colspan", "rowspan"]) {
      if (kept !== into && node.hasAttribute(name)) kept.setAttribute(name, node.getAttribute(name));
    }
    copied(node, kept);
    if (kept !== into) into.append(kept);
  }
  return into;
}

function paragraphs(text, into) {
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim()) continue;
    const paragraph = document.createElement("p");
    paragraph.textContent = line.trim();
    into.append(paragraph);
  }
  return into;
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;
const looksMarkedUp = (text) => /^<(p|h[2-4]|ul|ol|table|div)[\s>]/i.test(text.trim());

function sheetFor(area) {
  const label = document.querySelector(`label[for="${area.id}"]`);
  const sheet = document.createElement("div");
  label.id = `${area.id}-label`;
  label.removeAttribute("for");
  sheet.className = "sheet prose";
  sheet.contentEditable = "true";
  sheet.setAttribute("role", "textbox");
  sheet.setAttribute("aria-multiline", "true");
  sheet.setAttribute("aria-labelledby", label.id);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (area.hasAttribute(name)) sheet.setAttribute(name, area.getAttribute(name));
  }
  label.addEventListener("click", () => sheet.focus());
  return sheet;
}

function pasted(event) {
  const html = event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  event.preventDefault();
  const holder = document.createElement("div");
  if (html) copied(parsed(html), holder);
  else if (plain.includes("\n")) paragraphs(plain, holder);
  else return document.execCommand("insertText", false, plain);
  document.execCommand("insertHTML", false, holder.innerHTML);
}

function enhance(holder) {
  const area = holder.querySelector("textarea");
  if (!area || holder.dataset.ready) return;
  holder.dataset.ready = "";
  const sheet = sheetFor(area);
  if (looksMarkedUp(area.value)) copied(parsed(area.value), sheet);
  else paragraphs(area.value, sheet);
  sheet.id = area.id;
  area.removeAttribute("id");
  area.hidden = true;
  area.after(sheet);
  const written = () => {
    area.value = sheet.textContent.trim() ? sheet.innerHTML : "";
  };
  sheet.addEventListener("focus", () => {
    document.execCommand("defaultParagraphSeparator", false, "p");
    if (!sheet.firstElementChild) document.execCommand("formatBlock", false, "p");
  });
  sheet.addEventListener("input", written);
  sheet.addEventListener("paste", pasted);
}

const enhanceAll = () => document.querySelectorAll("[data-rich]").forEach(enhance);
document.addEventListener("htmx:afterSettle", enhanceAll);
enhanceAll();
