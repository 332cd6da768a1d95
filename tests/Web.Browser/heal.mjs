// 30 s without a connection, then a rollback and a restart: every bar on screen is compared with the server's.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
process.env.DASHBOARD = "http://localhost:8041"; process.env.KNOBS = "http://localhost:8042";
const { open, painted, knobs, url } = await import("./browser.mjs");
const start = (history, rate) => spawn("node", ["/tmp/page-stub/server.mjs"], { env: { ...process.env, PORT: "8041", HISTORY: history, RATE: rate, MOST: "320000", EVERY: "40" }, stdio: ["ignore", openSync("/tmp/page-test/heal.log", "a"), openSync("/tmp/page-test/heal.log", "a")] });
const wait = ms => new Promise(then => setTimeout(then, ms));
const health = async () => { try { return await (await fetch(url + "/api/health")).json(); } catch { return null; } };
const up = async () => { while (!(await health())) await wait(300); };
let server = start(300000, 10); await up();
const { context, page, faults } = await open({}, null);
await page.addInitScript(() => {
  window.seen = [];
  const add = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (kind, then) {
    return add.call(this, kind, event => { const data = event.data && kind !== "beat" ? JSON.parse(event.data) : null; if (data) window.seen.push([kind, data.since ?? null, data.step]); then(event); });
  };
  localStorage.setItem("btcbandit", JSON.stringify({ range: "1D", columns: ["sma", "rsi", "macd_hist"] }));
});
await page.goto(url); await painted(page);
const check = async name => {
  const answer = await page.evaluate(async () => {
    const b = btcbandit.bars, length = b.length, own = await (await fetch(`/api/candles?from=${b.time[0]}&to=${b.time.at(-2) + 1}&span=${b.span}&max=5000&columns=sma,rsi,macd_hist`)).json();
    let wrong = Math.abs(own.time.length - (length - 1)); const near = (x, y) => x === y || Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
    const bad = [];
    own.time.forEach((t, i) => { const bads = ["time", "open", "high", "low", "close", "volume", "equity", "buy_and_hold", "drawdown", "invested", "action", "step"].filter(k => !near(own[k][i], b[k][i])).concat(["sma", "rsi", "macd_hist"].filter(k => !near(own.columns[k][i], b.columns[k][i]))); if (bads.length) { wrong++; bad.push([i, bads.join()]); } });
    const key = m => [m.time, m.side, m.count].join(), mine = b.marks.filter(m => m.time < b.time.at(-1)).map(key).sort().join(";"), theirs = own.marks.filter(m => m.time < b.time.at(-1)).map(key).sort().join(";");
    const all = await (await fetch("/api/trades?limit=10000")).json(), list = btcbandit.trades.list;
    const missing = all.trades.filter(t => t.step <= (list.at(-1)?.step ?? 0)).length - list.length;
    let holes = 0, twice = 0; for (let i = 1; i < seen.length; i++) { const [kind, since] = seen[i], before = seen[i - 1][2]; if (kind !== "snapshot") { if (since > before) holes++; if (since < before) twice++; } }
    const kinds = {}; for (const [k] of seen) kinds[k] = (kinds[k] ?? 0) + 1;
    return { link: document.getElementById("link").dataset.state, span: b.span, bars: b.length, compared: own.time.length, wrong, bad: bad.slice(0, 3), marksEqual: mine === theirs, marks: own.marks.length, missingTrades: missing, holes, twice, kinds, behind: (await (await fetch("/api/health")).json()).steps - b.steps };
  });
  console.log(name, JSON.stringify(answer));
};
await wait(4000); await check("before");
await page.locator("#spans button").nth(1).click(); await wait(3000); await check("at 1m");
await fetch(knobs + "/cut?ms=30000"); await wait(15000); console.log("cut:", await page.locator("#link").innerText()); await wait(15500);
const back = Date.now(); await page.waitForFunction(() => document.getElementById("link").dataset.state === "live", null, { timeout: 30000 }); console.log("live again after ms", Date.now() - back); await wait(3000); await check("after 30 s");
await fetch(knobs + "/jump?by=2000"); await wait(2500); await check("after a leap of 2000");
await fetch(knobs + "/set?rate=3000"); await wait(3000); await fetch(knobs + "/set?rate=10"); await wait(2500); await wait(3000); await check("after 3000/s");
await page.locator("#spans button").nth(0).click(); await wait(1500); await fetch(knobs + "/jump?by=700"); await wait(300); await page.mouse.move(500, 300); for (let i = 0; i < 8; i++) { await page.mouse.wheel(0, i % 2 ? 300 : -200); await wait(150); } await wait(2500); await check("wheel while leaping");
await fetch(knobs + "/back?by=500"); await wait(6000); await check("after a rollback");
server.kill(); await wait(1500); server = start(301000, 10); await up(); await wait(8000); await check("after a restart with fewer steps");
console.log("faults", [...new Set(faults)].filter(f => !/ERR_|Failed to load/.test(f)));
await context.close(); server.kill(); process.exit();
