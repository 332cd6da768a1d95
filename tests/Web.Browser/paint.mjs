// First paint, frames while dragging and zooming, memory, delay of a step.
import { open, painted } from "./browser.mjs";
import os from "node:os";
console.log("load", os.loadavg()[0].toFixed(1));
for (const range of ["All", "1D"]) for (let i = 0; i < 3; i++) {
  const { context, page } = await open({}, null);
  await page.addInitScript(r => localStorage.setItem("btcbandit", JSON.stringify({ range: r })), range);
  await page.goto("http://localhost:8031/"); await painted(page);
  console.log(range, "painted", await page.evaluate(() => { const p = n => Math.round(performance.getEntriesByName(n)[0]?.startTime); const r = n => { const e = performance.getEntriesByType("resource").find(x => x.name.includes(n)); return e ? [Math.round(e.startTime), Math.round(e.responseEnd)] : null; }; return JSON.stringify({ chart: p("chart-painted"), fcp: p("first-contentful-paint"), run: r("/api/run"), candles: r("/api/candles"), lib: r("lightweight"), app: r("js/app.js"), bytes: performance.getEntriesByType("resource").reduce((s, e) => s + e.transferSize, 0), bars: btcbandit.bars.length }); }), "load", os.loadavg()[0].toFixed(1));
  await context.close();
}
