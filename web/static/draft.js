// The text of an item as a sheet to write on: keeps tables pasted from Word and WPS, drops the rest.
// Without this script the same text is written in a plain box; the server cleans either way.
"use strict";

const KEPT = new Set(
  "P BR STRONG B EM I H2 H3 H4 UL OL LI TABLE THEAD TBODY TR TH TD DIV".split(" "),
);
const BLOCKS = new Set("P H2 H3 H4 UL OL TABLE DIV".split(" "));
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

// Styles are taken out first: the page's security policy reports even those it does not apply.
const STYLES = /<(style|script|xml)\b[^]*?<\/\1\s*>|\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;
const parsed = (html) =>
  new DOMParser().parseFromString(html.replace(STYLES, ""), "text/html").body;
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

// Loose words between blocks become paragraphs of their own.
function blocksOf(holder) {
  const blocks = [];
  let line = null;
  for (const node of [...holder.childNodes]) {
    if (BLOCKS.has(node.tagName)) {
      blocks.push(node);
      line = null;
    } else if (line || node.textContent.trim()) {
      if (!line) blocks.push((line = document.createElement("p")));
      line.append(node);
    }
  }
  return blocks;
}

function insertBlocks(sheet, blocks) {
  const selection = window.getSelection();
  selection.deleteFromDocument();
  let here = selection.anchorNode;
  while (here && here !== sheet && here.parentNode !== sheet) here = here.parentNode;
  const last = blocks[blocks.length - 1];
  if (here && here !== sheet) {
    here.after(...blocks);
    if (!here.textContent.trim()) here.remove();
  } else sheet.append(...blocks);
  selection.selectAllChildren(last);
  selection.collapseToEnd();
}

function pasted(event) {
  const html = event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  event.preventDefault();
  const holder = document.createElement("div");
  if (html) copied(parsed(html), holder);
  else if (plain.includes("\n")) paragraphs(plain, holder);
  if (![...holder.children].some((each) => BLOCKS.has(each.tagName))) {
    document.execCommand("insertText", false, plain);
    return;
  }
  insertBlocks(event.currentTarget, blocksOf(holder));
  event.currentTarget.dispatchEvent(new Event("input"));
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
