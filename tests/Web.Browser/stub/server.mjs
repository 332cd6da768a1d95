// A stand-in for the server of the dashboard: node server.mjs. Knobs by environment and, on PORT + 1, by request.
// PORT PAGE DATA HISTORY MOST RATE GATE=open|closed|none FEED=good|trouble|none TOKEN NOLIB=1 MODE OVER=1 EVERY RUNID
import http from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { build, names, pricePane } from "./run.mjs";
import { brotliCompress, constants } from "node:zlib";

const env = process.env, port = +(env.PORT ?? 8031), page = env.PAGE ?? "/work/wt-page/src/Web/page";
const most = +(env.MOST ?? 1_051_647), run = build({ folder: env.DATA ?? "/work/shared/data/spot-1m/BTCUSDT", most, tradeEvery: +(env.EVERY ?? 90) });
const knobs = { rate: +(env.RATE ?? 10), gate: env.GATE ?? "open", feed: env.FEED ?? "none", isOver: env.OVER === "1", isPaused: false };
let steps = Math.min(+(env.HISTORY ?? 1_000_000), run.n), cut = false;
const id = env.RUNID ?? "a1b2c3", mode = env.MODE ?? "archive", minute = 60_000, day = 864e5;
const spans = [minute, 5 * minute, 15 * minute, 60 * minute, 240 * minute, day, 7 * day];
const floor = (t, span) => span === 7 * day ? t - ((t - 4 * day) % span + span) % span : t - t % span;
const orNull = x => Number.isNaN(x) || x === undefined ? null : x;
const at = (t) => { let [l, h] = [0, steps]; while (l < h) { const m = (l + h) >> 1; if (run.time[m] < t) l = m + 1; else h = m; } return l; };
const tradeAt = step => { let [l, h] = [0, run.trades.length]; while (l < h) { const m = (l + h) >> 1; if (run.trades[m].step <= step) l = m + 1; else h = m; } return l; };

// The number of bars before each candle, by timeframe.
const places = new Map(spans.map(span => { const p = new Int32Array(run.n); let k = -1, last = -1; for (let i = 0; i < run.n; i++) { const t = floor(run.time[i], span); if (t !== last) { k++; last = t; } p[i] = k; } return [span, p]; }));
function bars(a, b, span, columns, max = Infinity) {
  const out = { time: [], open: [], high: [], low: [], close: [], volume: [], equity: [], buy_and_hold: [], drawdown: [], invested: [], action: [], step: [], columns: Object.fromEntries(columns.map(c => [c, []])), marks: [] };
  let k = -1, last = -1;
  for (let i = a; i < b; i++) {
    const t = floor(run.time[i], span);
    if (t !== last) {
      k++; last = t;
      out.time.push(t); out.open.push(run.open[i]); out.high.push(run.high[i]); out.low.push(run.low[i]); out.volume.push(0); out.drawdown.push(0);
    }
    if (run.high[i] > out.high[k]) out.high[k] = run.high[i];
    if (run.low[i] < out.low[k]) out.low[k] = run.low[i];
    out.volume[k] += run.volume[i];
    if (run.drawdown[i] > out.drawdown[k]) out.drawdown[k] = run.drawdown[i];
    if (i === b - 1 || floor(run.time[i + 1], span) !== t) {
      out.close.push(run.close[i]); out.equity.push(run.equity[i]); out.buy_and_hold.push(1000 * run.close[i] / run.close[0]); out.invested.push(run.invested[i]); out.action.push(run.action[i]); out.step.push(i + 1);
      for (const c of columns) out.columns[c].push(orNull(run.cols[c][i]));
    }
  }
  const from = tradeAt(a), to = tradeAt(b), byBar = new Map();
  for (const t of run.trades.slice(from, to)) {
    const time = floor(t.open_time, span), key = time + t.side, m = byBar.get(key);
    if (!m) byBar.set(key, { time, side: t.side, count: 1, price: t.price, profit: t.profit, step: t.step });
    else { m.price = (m.price * m.count + t.price) / ++m.count; m.profit = t.profit === null ? m.profit : (m.profit ?? 0) + t.profit; m.step = t.step; }
  }
  out.marks = [...byBar.values()];
  return out;
}

function candles(q) {
  const max = Math.min(+(q.get("max") ?? 1500), 5000), columns = (q.get("columns") ?? "").split(",").filter(Boolean);
  for (const c of columns) if (!names.includes(c)) return [400, { title: `no column ${c}`, status: 400 }];
  const from = +(q.get("from") ?? 0), to = +(q.get("to") ?? 8e15);
  let span = q.get("span") ? +q.get("span") : null, a = at(from), b = at(to + 1);
  const count = (a, b, span) => b <= a ? 0 : places.get(span)[b - 1] - places.get(span)[a] + 1;
  span ??= spans.find(s => { const n = count(a, b, s); return Math.min(n, b - a) <= max; }) ?? spans.at(-1);
  if (b > a) { a = at(floor(run.time[a], span)); const end = floor(run.time[b - 1], span) + span; b = at(end); }
  let more = false;
  if (count(a, b, span) > max) {
    // Gaps make fewer bars than the time allows: counts them from the end.
    let n = 0, last = -1, i = b; while (i > a) { const t = floor(run.time[i - 1], span); if (t !== last) { if (n === max) break; n++; last = t; } i--; }
    more = i > a; a = i;
  }
  return [200, { span, spans, first: run.time[0], last: run.time[steps - 1], steps: b, more, ...bars(a, b, span, columns) }];
}

const horizons = [1, 5, 15, 30, 60];
const values = i => {
  const wave = Math.sin(i / 37) * 0.0009 + Math.sin(i / 411) * 0.0006, held = run.invested[i] > 0.01;
  const v = (mean, deviation, draw, offered) => ({ mean, deviation, draw, offered });
  const noise = k => Math.sin(i * 12.9898 + k * 78.233) * 0.0007;
  return { sell: v(held ? -0.0003 : 0, 0, held ? -0.0003 : 0, held), hold: v(held ? wave : 0, held ? 0.0011 : 0, held ? wave + noise(1) : 0, true), buy: v(wave - (held ? 0 : 0.0003), 0.0011, wave + noise(2) - 0.0003, !held && knobs.gate !== "closed") };
};
const gate = i => knobs.gate === "none" ? null : knobs.gate === "closed" ? { evidence: 0.72 + 0.2 * Math.sin(i / 500), required: 1.6, is_open: false } : { evidence: 2.1 + 0.2 * Math.sin(i / 500), required: 1.6, is_open: true };
const actionName = a => ["sell", "hold", "buy"][a];
const features = ["supertrend_distance", "return_30", "trix", "bias", "supertrend_direction", "vwap_distance", "sma_distance", "ema_distance", "bb_percent_b", "return_5", "bb_bandwidth", "return_1", "volatility"];
const feed = () => knobs.feed === "none" ? null : knobs.feed === "trouble"
  ? { phase: "waiting", latency_ms: null, reconnects: 4, gaps: 2, weight_used: 37, since: Date.now() - 42_000, reason: "connection lost: no candle for 65 s, tries again in 8 s", next_close_seconds: null }
  : { phase: "live", latency_ms: 83, reconnects: 1, gaps: 0, weight_used: 12, since: Date.now() - 3_600_000, reason: null, next_close_seconds: 60 - Math.floor(Date.now() / 1000) % 60 };
function latest() {
  const i = steps - 1; if (i < 0) return null;
  const g = gate(i);
  return {
    step: steps, time: run.time[i], price: run.close[i], action: actionName(run.action[i]), reason: g && !g.is_open ? "gate closed" : i % 11 ? "exploit" : "explore", reward: i ? run.equity[i] / run.equity[i - 1] - 1 : null, cumulative_reward: run.cumulative[i],
    position: run.invested[i] * run.equity[i] / run.close[i], cash: run.equity[i] * (1 - run.invested[i]), equity: run.equity[i], initial_equity: 1000, total_return: run.equity[i] / 1000 - 1, buy_and_hold_return: run.close[i] / run.close[0] - 1,
    win_rate: run.rounds[i] ? run.wins[i] / run.rounds[i] : null, round_trips: run.rounds[i], trades: run.tradeCount[i], max_drawdown: run.worstSoFar[i], drawdown: run.drawdown[i], fees_paid: run.feesPaid[i], slippage_paid: run.feesPaid[i] / 2, regret: 2.6197 + i / 1e6, exposure: 0.42,
    steps_per_second: knobs.rate, progress: mode === "live" ? null : steps / run.n, time_left_seconds: mode === "live" ? null : (run.n - steps) / knobs.rate, is_paused: knobs.isPaused, is_over: knobs.isOver, mode,
    values: values(i), gate: g, horizon: 30,
    experts: g ? horizons.map((h, k) => ({ horizon: h, equity_return: 0.02 * k - 0.03 + 0.01 * Math.sin(i / 300 + k), evidence: g.evidence - Math.abs(k - 3) * 0.35, required: g.required, is_followed: k === 3 })) : null, feed: feed(),
  };
}
function whole(step) {
  const i = step - 1, isOld = steps - step > 8192, t = run.trades[tradeAt(step) - 1], fill = t?.step === step ? t : null, v = values(i);
  if (isOld) for (const k of Object.keys(v)) v[k] = { mean: v[k].mean, deviation: null, draw: null, offered: null };
  return { step, open_time: run.time[i], action: actionName(run.action[i]), reason: i % 11 ? "exploit" : "explore", reward: i ? run.equity[i] / run.equity[i - 1] - 1 : null, cash: run.equity[i] * (1 - run.invested[i]), position: run.invested[i] * run.equity[i] / run.close[i], equity: run.equity[i],
    fill: fill && { side: fill.side, price: fill.price, quantity: fill.quantity, fee: fill.fee, slippage: fill.slippage, profit: fill.profit }, values: v, gate: isOld ? null : gate(i), horizon: isOld ? null : 30,
    contributions: isOld ? null : features.map((feature, k) => ({ feature, value: Math.sin(i / (50 + k)), bps: Math.sin(i / (20 + 7 * k)) * 48 / (k + 1) })), columns: isOld ? null : Object.fromEntries(names.map(c => [c, orNull(run.cols[c][i])])) };
}
const header = { source: { kind: mode, symbol: "BTCUSDT", timeframe: "1m", world: null, seed: null }, parameters: { agent: "linear-ts", model: "shared", feedback: "full", horizon: null, posterior_scale: 0.35, forgetting: 0.99999, indicators: "sma:14,ema:14,bb:20:2", seed: 7, history: 200, costs: { buy: { taker_fee_bps: 2, maker_fee_bps: 2, slippage_bps: 1 }, sell: { taker_fee_bps: 2, maker_fee_bps: 2, slippage_bps: 1 } }, cost_model: null, rules: { lots_per_unit: 100000, minimum_notional: 5, maximum_quantity: 9000, ticks_per_unit: 100 }, fill: "next-open", position_fraction: 1, initial_cash: 1000 }, columns: names, features };
const about = () => ({ id, mode, pair: "BTC/USDT", base: "BTC", quote: "USDT", timeframe: "1m", span: minute, seed: 7, agent: "linear-ts", initial_equity: 1000, columns: names.map(name => ({ name, pane: pricePane.includes(name) ? "price" : "own" })), header, data_hash: "sha256:5e0c1d…9af2", first_time: run.time[0], version: "1.6.0" });

function event(since) {
  if (since === null || since > steps) return ["snapshot", { step: steps, run: about(), latest: latest(), trades: run.trades.slice(Math.max(tradeAt(steps) - 200, 0), tradeAt(steps)) }];
  const trades = run.trades.slice(tradeAt(since), tradeAt(steps)).slice(-200);
  if (steps - since > 500) return ["leap", { since, step: steps, latest: latest(), trades }];
  return ["steps", { since, step: steps, bars: { span: minute, spans, first: run.time[0], last: run.time[steps - 1], steps, more: false, ...bars(since, steps, minute, names) }, latest: latest(), trades }];
}
const watchers = new Set();
function stream(request, response, q) {
  const asked = request.headers["last-event-id"] ?? q.get("since");
  let seen = null; if (asked) { const [r, s] = asked.split("."); if (r === id) seen = +s; }
  response.writeHead(200, { ...secure, "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" });
  const watcher = { seen, beat: Date.now() };
  const tick = () => {
    if (response.writableNeedDrain) return;
    if (watcher.seen === null || watcher.seen !== steps || watcher.again) {
      const [kind, data] = event(watcher.seen); watcher.seen = steps; watcher.again = false;
      response.write(`event: ${kind}\nid: ${id}.${steps}\ndata: ${JSON.stringify(data)}\n\n`); watcher.beat = Date.now();
    } else if (Date.now() - watcher.beat > 10_000) { response.write(`event: beat\ndata: {}\n\n`); watcher.beat = Date.now(); }
  };
  watcher.timer = setInterval(tick, 100); tick(); watchers.add(watcher);
  response.on("close", () => { clearInterval(watcher.timer); watchers.delete(watcher); });
}
const secure = { "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin" };
const kinds = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml" };
const lib = new URL("node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs", import.meta.url).pathname;
function send(request, response, status, type, body) {
  const head = { ...secure, "content-type": type, "cache-control": "no-cache" };
  if (!(request.headers["accept-encoding"] ?? "").includes("br") || body.length < 1000) { response.writeHead(status, head); return response.end(body); }
  brotliCompress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }, (_, packed) => { response.writeHead(status, { ...head, "content-encoding": "br" }); response.end(packed); });
}
const json = (request, response, status, value) => send(request, response, status, status < 400 ? "application/json" : "application/problem+json", JSON.stringify(value));
const sockets = new Set();
const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://x"), q = url.searchParams, path = url.pathname;
  if (env.TOKEN && path !== "/icon.svg" && (path.startsWith("/api/"))) { if (!(request.headers.cookie ?? "").includes(env.TOKEN)) return json(request, response, 401, { title: "A token is needed", status: 401 }); }
  if (path === "/api/stream") return stream(request, response, q);
  if (path === "/api/run") return json(request, response, 200, about());
  if (path === "/api/candles") return json(request, response, ...candles(q));
  if (path === "/api/health") return json(request, response, 200, { status: knobs.isOver ? "ended" : "ok", steps, steps_per_second: knobs.rate, watchers: watchers.size, managed_bytes: process.memoryUsage().heapUsed, feed: feed() });
  if (path === "/api/metrics") return json(request, response, 200, latest());
  if (path === "/api/steps") { const limit = +(q.get("limit") ?? 100), since = q.has("since") ? +q.get("since") : Math.max(steps - limit, 0), out = []; for (let s = since + 1; s <= Math.min(since + limit, steps); s++) out.push(whole(s)); return json(request, response, 200, { steps: out, more: since + limit < steps }); }
  if (path === "/api/trades") { const limit = Math.min(+(q.get("limit") ?? 1000), 10_000), from = tradeAt(+(q.get("since") ?? 0)), to = tradeAt(steps), a = Math.max(from, to - limit); return json(request, response, 200, { trades: run.trades.slice(a, to), more: a > from, count: to }); }
  if (path === "/api/trades.csv") { const keys = Object.keys(run.trades[0] ?? {}); response.writeHead(200, { ...secure, "content-type": "text/csv", "content-disposition": "attachment; filename=trades.csv" }); return response.end([keys.join(), ...run.trades.slice(0, tradeAt(steps)).map(t => keys.map(k => t[k] ?? "").join())].join("\n") + "\n"); }
  if (path === "/js/lightweight-charts.js") { if (env.NOLIB) return json(request, response, 404, { title: "Not found" }); return send(request, response, 200, kinds.js, readFileSync(lib)); }
  const file = page + (path === "/" ? "/index.html" : path);
  if (!/^\/(|[\w.-]+|js\/[\w.-]+)$/.test(path) || !existsSync(file)) return json(request, response, 404, { title: "Not found", status: 404 });
  send(request, response, 200, kinds[file.split(".").at(-1)] ?? "text/plain", readFileSync(file));
});
server.on("connection", socket => { if (cut) return socket.destroy(); sockets.add(socket); socket.on("close", () => sockets.delete(socket)); });
server.keepAliveTimeout = 5000;
server.listen(port, "127.0.0.1", () => console.log(`${run.n} candles, ${run.trades.length} trades, http://localhost:${port}`));
let owed = 0, clock = Date.now();
setInterval(() => {
  const now = Date.now(); owed += knobs.rate * (now - clock) / 1000; clock = now;
  if (knobs.isPaused || knobs.isOver) { owed = 0; return; }
  const whole = Math.floor(owed); owed -= whole; steps = Math.min(steps + whole, run.n);
}, 20);
// The knobs: /cut?ms=30000, /back?by=100, /set?rate=10&gate=closed&feed=trouble
http.createServer((request, response) => {
  const url = new URL(request.url, "http://x"), q = url.searchParams;
  if (url.pathname === "/cut") { cut = true; for (const s of sockets) s.destroy(); setTimeout(() => { cut = false; }, +q.get("ms")); }
  if (url.pathname === "/back") { steps -= +q.get("by"); for (const s of sockets) s.destroy(); }
  if (url.pathname === "/jump") steps = Math.min(steps + +q.get("by"), run.n);
  if (url.pathname === "/set") for (const [k, v] of q) knobs[k] = k === "rate" ? +v : k.startsWith("is") ? v === "1" : v;
  if (url.pathname === "/set") for (const w of watchers) w.again = true;
  response.end(JSON.stringify({ steps, ...knobs, watchers: watchers.size, cut }));
}).listen(port + 1, "127.0.0.1");
