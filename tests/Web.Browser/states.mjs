// What the page says in states that are rare: closed gate, live feed in trouble, no chart library, no token, paused, over, an empty run.
import { spawn } from "node:child_process";
process.env.DASHBOARD = "http://localhost:8051";
const { open, painted, url, phone } = await import("./browser.mjs");
const wait = ms => new Promise(then => setTimeout(then, ms));
const serve = async (env, act) => {
  const server = spawn("node", ["/tmp/page-stub/server.mjs"], { env: { ...process.env, PORT: "8051", HISTORY: "30000", MOST: "44000", ...env }, stdio: "ignore" });
  for (let i = 0; i < 60; i++) { try { await fetch(url + "/api/health"); break; } catch { await wait(200); } }
  try { await act(); } catch (e) { console.log(String(e).slice(0, 400)); } finally { server.kill(); await wait(300); }
};
const text = (page, id) => page.locator(id).innerText();
await serve({ GATE: "closed", FEED: "trouble", MODE: "live" }, async () => {
  const { context, page, faults } = await open(); await painted(page); await wait(1500);
  console.log("closed:", await text(page, "#gate"), "|", await text(page, "#gate-why"), "|", await text(page, "#actions p"), "|", await text(page, ".tiles .broad"));
  await page.screenshot({ path: "shots/trouble.png" }); console.log(faults); await context.close();
});
await serve({ GATE: "none", FEED: "good", MODE: "live", RATE: "0.5" }, async () => {
  const { context, page, faults } = await open(); await painted(page); await wait(1500);
  console.log("none:", await text(page, "#gate"), "|", await text(page, "#gate-why"), "|", await text(page, ".tiles .broad"), "experts hidden", await page.isHidden("#experts"));
  await fetch("http://localhost:8052/set?isPaused=1"); await wait(700); console.log(await text(page, "#link")); await fetch("http://localhost:8052/set?isPaused=0&isOver=1"); await wait(700); console.log(await text(page, "#link"));
  await page.evaluate(() => btcbandit.market.pin(0)); await wait(500); console.log("old step:", await text(page, "#why-body")); await page.screenshot({ path: "shots/old.png" });
  console.log(faults); await context.close();
});
await serve({ NOLIB: "1" }, async () => { const { context, page, faults } = await open(); await wait(3000); console.log("nolib:", await text(page, "#notice p"), "rows", await page.locator("#trades tbody tr").count(), await text(page, "#why-step"), faults.length); await page.locator("#trades tbody tr:not(.gap)").nth(2).click(); await wait(500); console.log(await text(page, "#why-step")); await page.screenshot({ path: "shots/nolib.png" }); await context.close();
  const p = await open(phone); await wait(2500); await p.page.screenshot({ path: "shots/nolib-phone.png" }); await p.context.close(); });
await serve({ TOKEN: "secret" }, async () => { const { context, page, faults } = await open(); await wait(2500); console.log("token:", await text(page, "#notice p"), await text(page, "#link"), faults.length); await context.addCookies([{ name: "t", value: "secret", url }]); await wait(4500); console.log("with token", await text(page, "#link"), await page.isVisible("#notice")); await context.close(); });
await serve({ HISTORY: "0", RATE: "5" }, async () => { const { context, page, faults } = await open({}, null); await fetch("http://localhost:8052/set?rate=0"); await page.goto(url); await wait(3500); console.log("empty:", await text(page, "#empty")); await fetch("http://localhost:8052/set?rate=20"); await wait(3000); console.log("then", await page.evaluate(() => [btcbandit.bars.length, btcbandit.bars.span, btcbandit.bars.steps].join())); await fetch("http://localhost:8052/set?rate=5000"); await wait(4000); await page.screenshot({ path: "shots/growing.png" }); console.log("fast", await page.evaluate(async () => { const h = await (await fetch("/api/health")).json(); const r = btcbandit.market.chart.range; return [h.steps, btcbandit.bars.steps, btcbandit.bars.length, btcbandit.bars.span, Math.round(r.from), Math.round(r.to), btcbandit.market.view.stick].join(); }), await page.evaluate(() => document.querySelectorAll("#spans button").length), faults); await context.close(); });
await serve({ RATE: "10" }, async () => {
  // Hidden: the stream is closed, and what was missed is there when the page is visible again.
  const { context, page, faults } = await open(); await painted(page); await wait(1000);
  await page.evaluate(() => { Object.defineProperty(document, "hidden", { configurable: true, get: () => true }); document.dispatchEvent(new Event("visibilitychange")); }); await wait(1500);
  console.log("hidden", await (await fetch("http://localhost:8052/")).json(), await text(page, "#link")); await wait(3000);
  await page.evaluate(() => { Object.defineProperty(document, "hidden", { configurable: true, get: () => false }); document.dispatchEvent(new Event("visibilitychange")); }); await wait(1500);
  console.log("visible", await text(page, "#link"), await page.evaluate(async () => (await (await fetch("/api/health")).json()).steps - btcbandit.bars.steps)); console.log(faults); await context.close();
});
