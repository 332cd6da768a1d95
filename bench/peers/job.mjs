// What somebody without this program would write: node job.mjs PACKAGE ROWS.csv FILE.csv.gz...
// Reads candles, computes the indicators that the package has, trades a fixed rule (in the market while the average of 20
// closes is above that of 50; fills at the next open, 10 bps of costs), writes a row for each candle and prints a summary.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { indicatorsOf } from './indicators.mjs';

const [name, output, ...files] = process.argv.slice(2);
const makers = await indicatorsOf(name);
const indicators = Object.values(makers).map(make => make());
const average = length => {
  const window = new Float64Array(length);
  let sum = 0;
  let count = 0;
  return close => {
    sum += close - window[count % length];
    window[count++ % length] = close;
    return count < length ? undefined : sum / length;
  };
};
const [quick, slow] = [average(20), average(50)];
const costs = 0.001;
let cash = 10_000;
let coins = 0;
let wanted = false;
let trades = 0;
let candles = 0;
let rows = ['open_time,close,action,position,cash,equity'];
const file = openSync(output, 'w');

function next(candle) {
  candles++;
  let action = 'hold';
  if (wanted && coins === 0) {
    [coins, cash, action] = [cash / (candle.open * (1 + costs)), 0, 'buy'];
    trades++;
  } else if (!wanted && coins > 0) {
    [cash, coins, action] = [coins * candle.open * (1 - costs), 0, 'sell'];
    trades++;
  }
  for (const indicator of indicators) indicator(candle);
  const [newer, older] = [quick(candle.close), slow(candle.close)];
  if (older !== undefined) wanted = newer > older;
  rows.push(`${candle.openTime},${candle.close},${action},${coins.toFixed(8)},${cash.toFixed(8)},${(cash + coins * candle.close).toFixed(8)}`);
  if (rows.length === 10_000) flush();
}

function flush() {
  writeSync(file, rows.join('\n') + '\n');
  rows = [];
}

let close = 0;
for (const path of files) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  for (const line of text.split('\n')) {
    const fields = line.split(',');
    const openTime = Number(fields[0]);
    // A header, or the end of the file.
    if (!(openTime > 0)) continue;
    close = Number(fields[4]);
    next({ openTime, open: Number(fields[1]), high: Number(fields[2]), low: Number(fields[3]), close, volume: Number(fields[5]) });
  }
}
flush();
closeSync(file);
process.stdout.write(JSON.stringify({ name, candles, indicators: indicators.length, trades, equity: cash + coins * close }) + '\n');
