// A run made of real candles and a simple trader, in columns: what the stub serves.
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export const pricePane = ["sma", "ema", "bb_mid", "bb_upper", "bb_lower", "vwap", "supertrend"];
export const ownPane = ["bb_percent_b", "atr", "rsi", "macd", "macd_signal", "macd_hist", "trix"];
export const names = [...pricePane, ...ownPane];

function load(folder, most) {
  const columns = ["time", "open", "high", "low", "close", "volume"].map(() => new Float64Array(most));
  let n = 0;
  for (const file of readdirSync(folder).filter(f => f.endsWith(".csv.gz")).sort()) {
    const text = gunzipSync(readFileSync(`${folder}/${file}`)).toString("latin1");
    let at = text.indexOf("\n") + 1;
    while (at < text.length && n < most) {
      let end = text.indexOf("\n", at); if (end < 0) end = text.length;
      const parts = text.slice(at, end).split(",");
      if (parts.length >= 6) { for (let c = 0; c < 6; c++) columns[c][n] = +parts[c]; n++; }
      at = end + 1;
    }
    if (n >= most) break;
  }
  return { n, columns: columns.map(c => c.subarray(0, n)) };
}

export function build({ folder, most, tradeEvery = 90 }) {
  const { n, columns: [time, open, high, low, close, volume] } = load(folder, most);
  const cols = Object.fromEntries(names.map(name => [name, new Float64Array(n).fill(NaN)]));
  const equity = new Float64Array(n), drawdown = new Float64Array(n), invested = new Float64Array(n), action = new Uint8Array(n), feesPaid = new Float64Array(n), cumulative = new Float64Array(n), rounds = new Int32Array(n), wins = new Int32Array(n), tradeCount = new Int32Array(n);
  const trades = [];
  let seed = 12345; const random = () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 4294967296;
  let ema = close[0], fast = close[0], slow = close[0], signal = 0, up = 0, down = 0, atr = 0, t1 = close[0], t2 = close[0], t3 = close[0], sum = 0, square = 0, sum14 = 0, pv = 0, v = 0, line = 0, trend = 1;
  let cash = 1000, position = 0, cost = 0, peak = 1000, fees = 0, cum = 0, pending = 1, wonCount = 0, roundCount = 0, worst = 0, gainEma = 0;
  for (let i = 0; i < n; i++) {
    const c = close[i], before = i ? close[i - 1] : c, change = c - before;
    ema += (c - ema) * 2 / 15; fast += (c - fast) * 2 / 13; slow += (c - slow) * 2 / 27;
    const macd = fast - slow; signal += (macd - signal) * 0.2;
    up += (Math.max(change, 0) - up) / 14; down += (Math.max(-change, 0) - down) / 14;
    atr += (Math.max(high[i] - low[i], Math.abs(high[i] - before), Math.abs(low[i] - before)) - atr) / 14;
    const t3before = t3; t1 += (c - t1) * 2 / 19; t2 += (t1 - t2) * 2 / 19; t3 += (t2 - t3) * 2 / 19;
    sum += c - (i >= 20 ? close[i - 20] : 0); square += c * c - (i >= 20 ? close[i - 20] ** 2 : 0); sum14 += c - (i >= 14 ? close[i - 14] : 0);
    if (i && Math.floor(time[i] / 864e5) !== Math.floor(time[i - 1] / 864e5)) pv = v = 0;
    pv += (high[i] + low[i] + c) / 3 * volume[i]; v += volume[i];
    const mid = sum / 20, sd = Math.sqrt(Math.max(square / 20 - mid * mid, 0));
    const upper = (high[i] + low[i]) / 2 + 3 * atr, lower = (high[i] + low[i]) / 2 - 3 * atr;
    if (trend > 0) { line = Math.max(line, lower); if (c < line) { trend = -1; line = upper; } } else { line = Math.min(line, upper); if (c > line) { trend = 1; line = lower; } }
    if (i >= 13) cols.sma[i] = sum14 / 14;
    if (i >= 13) cols.ema[i] = ema;
    if (i >= 19) { cols.bb_mid[i] = mid; cols.bb_upper[i] = mid + 2 * sd; cols.bb_lower[i] = mid - 2 * sd; cols.bb_percent_b[i] = sd > 0 ? (c - mid + 2 * sd) / (4 * sd) : 0.5; }
    cols.vwap[i] = v > 0 ? pv / v : c;
    if (i >= 14) { cols.atr[i] = atr; cols.supertrend[i] = line; cols.rsi[i] = up + down > 0 ? 100 * up / (up + down) : 50; }
    if (i >= 33) { cols.macd[i] = macd; cols.macd_signal[i] = signal; cols.macd_hist[i] = macd - signal; }
    if (i >= 52) cols.trix[i] = 100 * (t3 / t3before - 1);
    // The order of the step before fills at this open.
    if (pending === 2 && position === 0) {
      const price = open[i] * 1.0001; position = Math.floor(cash / (price * 1.0002) * 1e5) / 1e5; cost = position * price * 1.0002; fees += position * price * 0.0002; cash -= cost;
      trades.push({ step: i + 1, open_time: time[i], side: "buy", price, quantity: position, fee: position * price * 0.0002, slippage: position * open[i] * 0.0001, profit: null, equity: 0, reason: "exploit" });
    } else if (pending === 0 && position > 0) {
      const price = open[i] * 0.9999, fee = position * price * 0.0002, profit = position * price - fee - cost; fees += fee; cash += position * price - fee; roundCount++; if (profit > 0) wonCount++;
      trades.push({ step: i + 1, open_time: time[i], side: "sell", price, quantity: position, fee, slippage: position * open[i] * 0.0001, profit, equity: 0, reason: random() < 0.1 ? "explore" : "exploit" });
      position = 0;
    }
    equity[i] = cash + position * c;
    if (trades.length && trades.at(-1).step === i + 1) trades.at(-1).equity = equity[i];
    peak = Math.max(peak, equity[i]); drawdown[i] = 1 - equity[i] / peak; worst = Math.max(worst, drawdown[i]);
    invested[i] = position * c / equity[i];
    const draw = random();
    pending = draw < 0.5 / tradeEvery ? 2 : draw > 1 - 0.5 / tradeEvery ? 0 : 1;
    if (pending === 2 && position > 0 || pending === 0 && position === 0) pending = 1;
    action[i] = pending;
    cum += i ? (equity[i] / equity[i - 1] - 1) : 0;
    cumulative[i] = cum; feesPaid[i] = fees; rounds[i] = roundCount; wins[i] = wonCount; tradeCount[i] = trades.length;
  }
  const worstSoFar = new Float64Array(n); let w = 0; for (let i = 0; i < n; i++) worstSoFar[i] = w = Math.max(w, drawdown[i]);
  return { n, time, open, high, low, close, volume, equity, drawdown, invested, action, feesPaid, cumulative, rounds, wins, tradeCount, worstSoFar, cols, trades };
}
