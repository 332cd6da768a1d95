import { open, painted } from "./browser.mjs";
const go = "GO", A = ["ArrowUp", "PageUp"], H = ["End", "Home"], T = ["2", "End"], S = ["Shift+ArrowLeft"], L = ["l", "l"], F = ["f", "f"];
const runs = { V0: [...A, ...H, ...T, ...S, go, ...L, ...F, "t"], noLF: [...A, ...H, ...T, ...S, go, "t"], noLF2: [...A, ...H, ...T, go, "t", "t"] };
const { context, page, faults } = await open({}, null);
for (const [name, keys] of Object.entries(runs)) {
  await page.goto("http://localhost:8031/"); await page.evaluate(() => localStorage.clear()); await page.goto("http://localhost:8031/"); await painted(page); await page.waitForTimeout(300); await page.focus("#chart");
  const n = faults.length; let where = "";
  for (const key of keys) { if (key === go) { await page.evaluate(() => btcbandit.market.go(Date.UTC(2021, 4, 19, 13))); await page.waitForTimeout(600); } else { await page.keyboard.press(key); await page.waitForTimeout(/[lf]/.test(key) && key.length === 1 ? 60 : 250); } if (faults.length > n && !where) where = key; }
  await page.waitForTimeout(500);
  console.log(name, faults.length - n, where, await page.evaluate(() => JSON.stringify([btcbandit.bars.length, btcbandit.market.chart.range])));
}
await context.close();
