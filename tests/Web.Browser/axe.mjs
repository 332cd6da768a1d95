// axe-core on every view, dark, light and phone; then the keyboard alone.
import { createRequire } from "node:module";
import { open, painted, phone } from "./browser.mjs";
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
for (const [name, options] of [["dark", {}], ["light", { colorScheme: "light" }], ["phone", phone], ["phone light", { ...phone, colorScheme: "light" }]]) {
  const { context, page, faults } = await open({ ...options, bypassCSP: true });
  await painted(page); await page.waitForTimeout(1200);
  await page.addScriptTag({ path: axe });
  const run = async view => { const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] })); console.log(name, view, violations.length, violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes.slice(0, 3).map(n => n.target + " " + (n.any[0]?.message ?? n.all[0]?.message ?? "").slice(0, 140)).join(" | ")}`)); };
  await run("first");
  if (name.startsWith("phone")) { for (const v of ["run", "trades", "chart"]) { await page.click(`#tabs [data-view=${v}]`); await page.waitForTimeout(300); await run(v); } await page.click("#b-why"); await page.waitForTimeout(600); await run("sheet"); await page.click("#b-close"); }
  else { await page.mouse.move(500, 300); await page.waitForTimeout(500); await run("crosshair"); await page.locator("#filters button").nth(2).click(); await page.locator("#trades tbody tr:not(.gap)").nth(2).click(); await page.waitForTimeout(1200); await run("after a jump, kept"); await page.mouse.move(2, 2); }
  await page.click("#b-menu"); await page.waitForTimeout(300); await run("menu"); await page.keyboard.press("Escape");
  for (const [button, dialog] of [["#b-run", "d-run"], ["#b-help", "d-help"], ["#b-go", "d-go"]]) { await page.click(button); await page.waitForTimeout(300); await run(dialog); if (dialog === "d-help") { await page.click("#b-about2"); await page.waitForTimeout(200); await run("d-about"); } await page.keyboard.press("Escape"); }
  console.log(name, "faults", faults);
  await context.close();
}
