// A headless Chromium with the page, and what went wrong in it.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
export const url = process.env.DASHBOARD ?? "http://localhost:8031";
export const knobs = process.env.KNOBS ?? "http://localhost:8032";
export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
export async function open(options = {}, path = "/") {
  const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "dashboard-")), {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--enable-precise-memory-info"],
    viewport: { width: 1440, height: 900 }, colorScheme: "dark", ...options,
  });
  const page = context.pages()[0] ?? await context.newPage();
  const faults = [], foreign = [];
  page.on("console", message => { if (["error", "warning"].includes(message.type())) faults.push(message.text()); });
  page.on("pageerror", error => faults.push(String(error.stack ?? error)));
  page.on("request", request => { if (!request.url().startsWith(url) && !request.url().startsWith("blob:") && !request.url().startsWith("data:")) foreign.push(request.url()); });
  await page.addInitScript(() => { window.violations = []; document.addEventListener("securitypolicyviolation", e => window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`)); });
  if (path) await page.goto(url + path);
  return { context, page, faults, foreign };
}
export const painted = page => page.waitForFunction(() => performance.getEntriesByName("chart-painted").length, null, { timeout: 20_000 });
