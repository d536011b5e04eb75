"use strict";

const root = document.body.dataset.root;

// The search: every word has to occur; a hit in the name counts most.
const input = document.getElementById("search");
const list = document.getElementById("found");
const index = (window.searchIndex || []).map(([kind, name, more, page]) => ({
  kind, name, more, page, inName: name.toLowerCase(), inAll: `${name} ${more}`.toLowerCase(),
}));
let selected = -1;

function rank(entry, words) {
  let score = 0;
  for (const word of words) {
    if (entry.inName === word) score += 100;
    else if (entry.inName.startsWith(word)) score += 20;
    else if (entry.inName.includes(word)) score += 10;
    else if (entry.inAll.includes(word)) score += 1;
    else return 0;
  }
  return score;
}

function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return index.map((entry) => [rank(entry, words), entry]).filter(([score]) => score > 0)
    .sort(([a, one], [b, other]) => b - a || one.name.length - other.name.length || one.name.localeCompare(other.name))
    .slice(0, 40).map(([, entry]) => entry);
}

function show(found) {
  list.replaceChildren(...found.map((entry, position) => {
    const item = document.createElement("li");
    item.id = `found-${position}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const link = document.createElement("a");
    link.href = root + entry.page;
    link.tabIndex = -1;
    link.textContent = entry.name;
    const more = document.createElement("small");
    more.textContent = `${entry.kind}: ${entry.more.slice(0, 120)}`;
    link.append(more);
    item.append(link);
    return item;
  }));
  list.hidden = !found.length;
  input.setAttribute("aria-expanded", String(found.length > 0));
  select(-1);
}

function select(position) {
  const items = list.children;
  if (items[selected]) items[selected].setAttribute("aria-selected", "false");
  // -1 is the text itself.
  const places = items.length + 1;
  selected = ((position + 1 + places) % places) - 1;
  const item = items[selected];
  if (item) {
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

input.addEventListener("input", () => show(find(input.value)));
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") select(selected + 1);
  else if (event.key === "ArrowUp") select(selected < 0 ? list.children.length - 1 : selected - 1);
  else if (event.key === "Enter") {
    const link = list.querySelector("[aria-selected=true] a") || list.querySelector("a");
    if (link) link.click();
  } else if (event.key === "Escape") { input.value = ""; show([]); input.blur(); } else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) show([]);
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); input.focus(); }
});

// The filter of a list.
for (const filter of document.querySelectorAll(".filter")) {
  const items = [...document.querySelectorAll(filter.dataset.filter)].map((item) => [item, item.textContent.toLowerCase()]);
  const groups = [...document.querySelectorAll(".group")];
  const count = document.querySelector(".count");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [item, text] of items) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector(`${filter.dataset.filter}:not([hidden])`);
    count.textContent = words.length ? `${shown} of ${items.length}` : "";
  });
}
