// The pictures kept in docs/captures.
process.env.DASHBOARD = "http://localhost:8061";
const { open, painted, phone } = await import("./browser.mjs");
const folder = process.argv[2];
const settings = { dark: { range: "1W", columns: ["bb_mid", "bb_upper", "bb_lower", "rsi"] }, light: { range: "1W", columns: ["sma", "ema", "rsi", "macd", "macd_signal", "macd_hist"] }, phone: { range: "1D", columns: ["ema"] } };
for (const [name, options] of [["dark", {}], ["light", { colorScheme: "light" }], ["phone", phone]]) {
  const { context, page, faults, foreign } = await open(options, null);
  await page.addInitScript(s => localStorage.setItem("btcbandit", JSON.stringify(s)), settings[name]);
  await page.goto("http://localhost:8061/"); await painted(page); await page.waitForTimeout(1500);
  if (name === "dark") { await page.mouse.move(560, 260); await page.waitForTimeout(900); }
  if (name === "phone") { await page.click("#b-why"); await page.waitForTimeout(1500); }
  await page.screenshot({ path: `${folder}/web-${name}.png` });
  console.log(name, faults, foreign, await page.evaluate(() => window.violations)); await context.close();
}
