// Reads the lines that bench/peers/run measured and prints the table: node job-report.mjs FILE
// Exits with 1 when ours is not the fastest.
import { readFileSync } from 'node:fs';

const runs = new Map();
for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const [name, ...figures] = line.split('\t');
  if (!runs.has(name)) runs.set(name, []);
  runs.get(name).push(figures.map(Number));
}

const column = (name, index) => runs.get(name).map(run => run[index]).sort((a, b) => a - b);
const seconds = value => value.toFixed(2);
console.log('| | wall s, least | median | user + sys s, least | MB |\n| --- | ---: | ---: | ---: | ---: |');
for (const [name, all] of runs) {
  const wall = column(name, 0);
  const work = all.map(([, user, system]) => user + system).sort((a, b) => a - b);
  console.log(`| ${name} | ${seconds(wall[0])} | ${seconds(wall[wall.length >> 1])} | ${seconds(work[0])} | ${(column(name, 3)[0] / 1024).toFixed(0)} |`);
}
const [ours] = runs.keys();
const slower = [...runs.keys()].filter(name => !name.startsWith('BtcBandit') && column(name, 0)[0] <= column(ours, 0)[0]);
for (const name of slower) console.log(`${name} is faster than ours: MISSED`);
process.exitCode = slower.length ? 1 : 0;
