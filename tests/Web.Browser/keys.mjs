// The keyboard alone: order of Tab, the chart's keys, table, dialogs, menu.
import { open, painted } from "./browser.mjs";
const { context, page, faults } = await open({}, null); await page.addInitScript(() => { Error.stackTraceLimit = 60; }); page.on("pageerror", e => console.log("FAULT NOW", Date.now())); await page.goto("http://localhost:8031/"); await painted(page); await page.waitForTimeout(1500);
const stops = []; let first = null;
for (let i = 0; i < 70; i++) { await page.keyboard.press("Tab"); const s = await page.evaluate(() => { const e = document.activeElement; return e.id || e.ariaLabel || e.textContent.slice(0, 16).trim() || e.tagName; }); stops.push(s); if (s === "BODY" || i > 3 && s === stops[0]) break; }
console.log(stops.length, stops.join(" | "));
await page.focus("#chart");
const range = () => page.evaluate(() => { const r = btcbandit.market.chart.range, b = btcbandit.bars; return [Math.round(r.from), Math.round(r.to), b.span / 60000 + "m"].join(); });
const all = [await range()];
for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowRight", "PageUp", "ArrowDown", "-", "End", "Home", "2", "End"]) { await page.keyboard.press(key); await page.waitForTimeout(600); all.push(key, await range()); }
console.log(all.join(" "));
await page.keyboard.press("Shift+ArrowLeft"); await page.keyboard.press("Shift+ArrowLeft"); await page.waitForTimeout(700); console.log(await page.textContent("#spoken"));
await page.keyboard.press("Enter"); await page.waitForTimeout(500); console.log("kept:", await page.textContent("#why-step"), await page.isVisible("#b-unpin"));
await page.keyboard.press("Escape"); await page.waitForTimeout(300); console.log("let go:", await page.isVisible("#b-unpin"));
for (const [key, id] of [["?", "d-help"], ["r", "d-run"], ["g", "d-go"]]) { await page.keyboard.press(key); await page.waitForTimeout(200); console.log(key, await page.evaluate(d => document.getElementById(d).open, id)); if (id === "d-go") { await page.fill("#go-time", "2021-05-19T13:00"); await page.keyboard.press("Enter"); await page.waitForTimeout(1200); console.log("at", await page.evaluate(() => new Date(btcbandit.bars.time[btcbandit.market.chart.at]).toISOString())); } else await page.keyboard.press("Escape"); await page.waitForTimeout(100); console.log("focus back:", await page.evaluate(() => document.activeElement.id)); }
await page.keyboard.press("i"); await page.waitForTimeout(200); console.log("menu focus:", await page.evaluate(() => document.activeElement.ariaLabel || document.activeElement.type)); await page.keyboard.press("Escape");
await page.keyboard.press("l"); console.log("log", await page.getAttribute("#b-log", "aria-pressed")); await page.keyboard.press("l");
await page.keyboard.press("f"); console.log("focus mode", await page.isVisible(".side")); await page.keyboard.press("f");
const theme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme); const was = await theme(); await page.keyboard.press("t"); console.log("theme", was, await theme()); await page.reload(); await painted(page); console.log("remembered", await theme());
await page.waitForTimeout(1000);
await page.locator("#trades tbody tr[tabindex='0']").focus(); for (let i = 0; i < 25; i++) await page.keyboard.press("ArrowDown"); await page.waitForTimeout(200);
const time = await page.evaluate(() => document.activeElement.cells[0].textContent); await page.keyboard.press("Enter"); await page.waitForTimeout(1300);
console.log("jump", time, await page.evaluate(() => new Date(btcbandit.bars.time[btcbandit.market.chart.at]).toISOString()), await page.textContent("#why-step"), "rows", await page.locator("#trades tbody tr").count());
await page.screenshot({ path: "shots/jump.png" });
await page.keyboard.press("End"); await page.waitForTimeout(300); console.log("end row", await page.evaluate(() => document.activeElement.ariaRowIndex + " " + document.activeElement.cells[0].textContent));
for (const th of [5, 5, 2]) { await page.locator("#trades thead button").nth(th).click(); console.log("sort", th, await page.locator("#trades tbody tr:not(.gap)").first().innerText()); }
console.log("faults", faults, await page.evaluate(() => window.violations));
await context.close();
