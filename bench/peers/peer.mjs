// One package's side: node peer.mjs PACKAGE CANDLES.json ROUNDS. Writes the same JSON object as our side does.
// Streaming on both sides: one candle in, one row out, every indicator fresh at the start of a round.
import { readFileSync } from 'node:fs';
import { indicatorsOf } from './indicators.mjs';

const [name, file, roundsText] = process.argv.slice(2);
const rounds = Number(roundsText);
const columns = JSON.parse(readFileSync(file, 'utf8'));
const candles = columns.close.map((close, i) => ({
  openTime: columns.openTime[i],
  open: columns.open[i],
  high: columns.high[i],
  low: columns.low[i],
  close,
  volume: columns.volume[i],
}));

const makers = await indicatorsOf(name);
const kinds = Object.keys(makers);
const without = (...left) => kinds.filter(kind => !left.includes(kind));
const lists = [...kinds.map(kind => [kind]), kinds, without('sar'), without('bb')];

// The values are kept where they cannot be optimised away.
const row = new Array(kinds.length);
function pass(list) {
  const runs = list.map(kind => makers[kind]());
  for (let i = 0; i < candles.length; i++) {
    for (let k = 0; k < runs.length; k++) row[k] = runs[k](candles[i]);
  }
}

const timings = {};
for (const list of lists) timings[list.join('+')] = [];
const begin = process.hrtime.bigint();
while (timings[kinds.join('+')].length < rounds) {
  const warm = process.hrtime.bigint() - begin > 3_000_000_000n;
  for (const list of lists) {
    const start = process.hrtime.bigint();
    pass(list);
    const elapsed = Number(process.hrtime.bigint() - start);
    if (warm) timings[list.join('+')].push(elapsed / candles.length);
  }
}

// The same columns as ours, null while silent.
const numbers = {
  bb: {
    bb_mid: value => value.middle,
    bb_upper: value => value.upper,
    bb_lower: value => value.lower,
    ...(name === 'technicalindicators' && { bb_percent_b: value => value.pb }),
  },
  supertrend: {
    supertrend: value => value.supertrend,
    supertrend_direction: value => (value.trend === 'BULLISH' ? 1 : -1),
  },
};
const values = {};
for (const kind of kinds) {
  const run = makers[kind]();
  const outputs = candles.map(candle => run(candle));
  for (const [column, read] of Object.entries(numbers[kind] ?? { [kind]: value => value })) {
    values[column] = outputs.map(value => (value === undefined || value === null ? null : read(value)));
  }
}

process.stdout.write(JSON.stringify({ name, timings, values }) + '\n');
