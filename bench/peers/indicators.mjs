// The indicators of the packages, for peer.mjs and job.mjs.
const day = 86_400_000;

// An indicator is a function that makes a run: candle to value, undefined or null while silent.
async function tradingSignals() {
  const { SMA, EMA, WMA, BollingerBands, VWAP, ATR, TRIX, PSAR, SuperTrend } = await import('trading-signals');
  const ofClose = make => () => {
    const indicator = make();
    return candle => indicator.add(candle.close);
  };
  const ofCandle = make => () => {
    const indicator = make();
    return candle => indicator.add(candle);
  };
  return {
    sma: ofClose(() => new SMA(14)),
    ema: ofClose(() => new EMA(14)),
    wma: ofClose(() => new WMA(14)),
    bb: ofClose(() => new BollingerBands(20, 2)),
    vwap: daily(() => {
      const indicator = new VWAP();
      return candle => indicator.add(candle);
    }),
    atr: ofCandle(() => new ATR(14)),
    trix: ofClose(() => new TRIX(18)),
    sar: ofCandle(() => new PSAR({ accelerationStep: 0.02, accelerationMax: 0.2 })),
    supertrend: ofCandle(() => new SuperTrend({ interval: 10, multiplier: 3 })),
  };
}

async function technicalIndicators() {
  const { SMA, EMA, WMA, BollingerBands, VWAP, ATR, TRIX, PSAR } = (await import('technicalindicators')).default;
  const empty = { open: [], high: [], low: [], close: [], volume: [] };
  const ofClose = make => () => {
    const indicator = make();
    return candle => indicator.nextValue(candle.close);
  };
  const ofCandle = make => () => {
    const indicator = make();
    return candle => indicator.nextValue(candle);
  };
  return {
    sma: ofClose(() => new SMA({ period: 14, values: [] })),
    ema: ofClose(() => new EMA({ period: 14, values: [] })),
    wma: ofClose(() => new WMA({ period: 14, values: [] })),
    bb: ofClose(() => new BollingerBands({ period: 20, stdDev: 2, values: [] })),
    vwap: daily(() => {
      const indicator = new VWAP(empty);
      return candle => indicator.nextValue(candle);
    }),
    atr: ofCandle(() => new ATR({ ...empty, period: 14 })),
    trix: ofClose(() => new TRIX({ period: 18, values: [] })),
    sar: ofCandle(() => new PSAR({ ...empty, step: 0.02, max: 0.2 })),
  };
}

// Neither package has an anchor: begun anew at each UTC day, as ours.
function daily(start) {
  return () => {
    let anchor = -1;
    let run;
    return candle => {
      const today = Math.floor(candle.openTime / day);
      if (today !== anchor) {
        anchor = today;
        run = start();
      }
      return run(candle);
    };
  };
}

/** The indicators of a package, by kind. */
export const indicatorsOf = name => ({ 'trading-signals': tradingSignals, technicalindicators: technicalIndicators })[name]();
