// Frames while idle, dragging, hovering and zooming; memory.
import { open, painted } from "./browser.mjs";
const { context, page, faults } = await open({}, null);
await page.addInitScript(() => localStorage.setItem("btcbandit", JSON.stringify({ range: "1D", columns: ["sma", "ema", "bb_mid", "bb_upper", "bb_lower", "rsi"] })));
await page.goto("http://localhost:8031/"); await painted(page); await page.waitForTimeout(1000);
const measure = async (name, act) => {
  await page.evaluate(() => { window.frames_ = []; let last = performance.now(); window.on_ = true; const tick = now => { window.frames_.push(now - last); last = now; if (window.on_) requestAnimationFrame(tick); }; requestAnimationFrame(tick); });
  await act();
  console.log(name, await page.evaluate(() => { window.on_ = false; const f = window.frames_.slice(1).sort((a, b) => a - b), q = p => +f[Math.min(Math.floor(p * f.length), f.length - 1)].toFixed(1); return JSON.stringify({ n: f.length, median: q(0.5), p95: q(0.95), p99: q(0.99), max: q(1), over33: f.filter(x => x > 34).length, heapMB: Math.round(performance.memory.usedJSHeapSize / 1e6), bars: btcbandit.bars.length, span: btcbandit.bars.span }); }));
};
await measure("idle at 10/s", () => page.waitForTimeout(4000));
await measure("drag", async () => { for (let d = 0; d < 8; d++) { await page.mouse.move(250, 300); await page.mouse.down(); for (let i = 0; i < 40; i++) { await page.mouse.move(250 + i * 16, 300); await page.waitForTimeout(12); } await page.mouse.up(); } });
await measure("hover", async () => { for (let i = 0; i < 150; i++) { await page.mouse.move(100 + i * 5, 250 + 60 * Math.sin(i / 9)); await page.waitForTimeout(12); } });
await measure("wheel", async () => { await page.mouse.move(600, 300); for (let i = 0; i < 60; i++) { await page.mouse.wheel(0, i < 30 ? 240 : -240); await page.waitForTimeout(40); } });
console.log("faults", faults); await context.close();
