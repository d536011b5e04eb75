// Looks at a site of `specweave docs` in a real browser: `node check.mjs FOLDER CHROMIUM [SCREENSHOTS]`.
//
// Every kind of page, in light and dark, on a phone and on a desk: no error on the console, nothing requested from
// elsewhere, nothing wider than the screen, nothing that axe-core objects to. Search, filter and links work by keyboard.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [folder, executablePath, screenshots] = process.argv.slice(2);
const root = pathToFileURL(resolve(folder)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];

// The operation and the type with the longest pages, so that every part of a page is looked at.
const longest = (kind) => readdirSync(join(folder, kind))
  .map((name) => [readFileSync(join(folder, kind, name)).length, `${kind}/${name}`]).sort(([a], [b]) => b - a)[0][1];
const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).concat(longest("operations"), longest("types"));
// A rule of axe looks at every element; of a list with thousands of equal lines, it is enough to have looked at others.
const isLong = (path) => readFileSync(join(folder, path)).length > 150_000;

/** A word of a name in a table that takes more than one line. */
function brokenName() {
  for (const name of document.querySelectorAll("td > code")) {
    const texts = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const line = document.createRange();
      line.selectNodeContents(texts.currentNode);
      if (/^\w+$/.test(texts.currentNode.data) && line.getClientRects().length > 1) return name.textContent;
    }
  }
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [[375, 800], [1280, 900]]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height } });
    // A page of half a megabyte takes a busy machine a while.
    context.setDefaultNavigationTimeout(180_000);
    const page = await context.newPage();
    const where = () => `${page.url().slice(root.length)} (${colorScheme}, ${width} px)`;
    page.on("console", (message) => message.type() === "error" && faults.push(`${where()}: console: ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`${where()}: ${error}`));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) faults.push(`${where()}: requests ${request.url()}`);
    });
    for (const path of pages) {
      await page.goto(`${root}/${path}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${where()}: ${overflow} px wider than the screen`);
      const broken = await page.evaluate(brokenName);
      if (broken) faults.push(`${where()}: \`${broken}\` is broken within a word`);
      if (!isLong(path) && width > 1000) await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe ? window.axe.run({ preload: false, resultTypes: ["violations"] }) : { violations: [] });
      for (const { id, help, nodes } of violations) {
        faults.push(`${where()}: axe: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
      }
      if (screenshots) {
        mkdirSync(screenshots, { recursive: true });
        const name = path.replace("/", "-").replace(".html", "");
        await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}-${width}.png`) });
      }
    }
    await context.close();
  }
}

// By keyboard alone.
const page = await browser.newPage();
await page.goto(`${root}/index.html`);
await page.keyboard.press("Tab");
assert.equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop is the link to the content");
await page.keyboard.press("/");
assert.equal(await page.evaluate(() => document.activeElement.id), "search", "`/` goes to the search");
const [kind, name, , target] = await page.evaluate(() => window.searchIndex[window.searchIndex.length - 1]);
await page.keyboard.type(name);
await page.waitForSelector("#found li");
assert.equal(await page.locator("#found li").first().locator("a").evaluate((link) => link.firstChild.textContent), name, `the ${kind} is found first`);
await page.keyboard.press("ArrowDown");
assert.equal(await page.locator("#found [aria-selected=true]").count(), 1);
await page.keyboard.press("Enter");
await page.waitForURL(`${root}/${target}`);
assert.equal(await page.locator("h1").textContent(), name);
await page.keyboard.press("/");
await page.keyboard.type("no such thing anywhere");
assert.equal(await page.locator("#found li").count(), 0);
await page.keyboard.press("Escape");

// The filter of a list, and every link of the first pages.
await page.goto(`${root}/operations.html`);
const all = await page.locator("li.operation").count();
await page.locator(".filter").fill("zzzz");
assert.equal(await page.locator("li.operation:visible").count(), 0);
assert.match(await page.locator(".count").textContent(), new RegExp(`^0 of ${all}$`));
await page.locator(".filter").fill("");
assert.equal(await page.locator("li.operation:visible").count(), all);
const isLaidOut = (item) => item.firstElementChild.checkVisibility({ contentVisibilityAuto: true });
assert.equal(await page.locator("li.operation").first().evaluate(isLaidOut), true);
assert.equal(await page.locator("li.operation").last().evaluate(isLaidOut), false, "what is far below is not laid out");
let links = 0;
for (const path of pages) {
  await page.goto(`${root}/${path}`);
  const targets = await page.$$eval("a[href]", (anchors) => anchors.map((it) => it.href));
  for (const link of new Set(targets.filter((it) => it.startsWith("file:")))) {
    const [file, anchor] = link.split("#");
    const text = readFileSync(new URL(file), "utf8");
    if (anchor && !text.includes(`id="${anchor}"`)) faults.push(`${path}: ${link} leads to no heading`);
    links += 1;
  }
}
await browser.close();
assert.equal(faults.join("\n"), "");
console.log(`${pages.length} pages in light and dark, on a phone and on a desk; ${all} operations; ${links} links`);
