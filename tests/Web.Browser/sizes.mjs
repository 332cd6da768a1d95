import { open, painted } from "./browser.mjs";
for (const [w, h] of [[1920, 1080], [1024, 768], [768, 1024], [320, 640]]) {
  const { context, page, faults } = await open({ viewport: { width: w, height: h } }, null);
  await page.addInitScript(() => localStorage.setItem("btcbandit", JSON.stringify({ range: "1D", columns: ["bb_mid", "bb_upper", "bb_lower", "vwap", "rsi"] })));
  await page.goto("http://localhost:8031/"); await painted(page); await page.waitForTimeout(1500);
  if (w === 1920) { await page.locator("#trades tbody tr:not(.gap)").nth(1).click(); await page.waitForTimeout(1200); }
  console.log(w, await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth, document.documentElement.scrollHeight, innerHeight].join()), faults);
  await page.screenshot({ path: `shots/w${w}.png` }); await context.close();
}
