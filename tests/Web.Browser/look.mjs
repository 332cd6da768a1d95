import { open, painted, phone } from "./browser.mjs";
const folder = process.argv[2] ?? ".";
for (const [name, options] of [["dark", {}], ["light", { colorScheme: "light" }], ["phone", phone]]) {
  const { context, page, faults, foreign } = await open(options);
  try {
    await painted(page);
    console.log(name, "painted ms", await page.evaluate(() => Math.round(performance.getEntriesByName("chart-painted")[0].startTime)));
    await page.waitForTimeout(1000);
    if (name === "dark") { await page.locator("#ranges button").first().click(); await page.waitForTimeout(800); await page.mouse.move(500, 250); await page.waitForTimeout(600); }
    if (name === "light") { await page.click("#b-menu"); await page.getByLabel("rsi").check(); await page.getByLabel("macd").check(); await page.keyboard.press("Escape"); await page.locator("#ranges button").nth(1).click(); await page.waitForTimeout(1200); }
    if (name === "phone") { await page.locator("#ranges button").first().click(); await page.waitForTimeout(900); }
  } catch (e) { console.log(String(e).slice(0, 600)); }
  await page.screenshot({ path: `${folder}/${name}.png` });
  if (name === "phone") {
    await page.click("#b-why"); await page.waitForTimeout(800); await page.screenshot({ path: `${folder}/phone-why.png` });
    for (const v of ["run", "trades"]) { await page.click(`#tabs [data-view=${v}]`); await page.waitForTimeout(400); await page.screenshot({ path: `${folder}/phone-${v}.png` }); }
  }
  console.log(name, "faults", faults, "foreign", foreign, "csp", await page.evaluate(() => window.violations));
  await context.close();
}
