// Draws the charts of a report. Everything else on the page is plain HTML and works without this.
"use strict";
(() => {
  const { createChart, createSeriesMarkers, CandlestickSeries, LineSeries, BaselineSeries, HistogramSeries, LineStyle } = LightweightCharts;
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = id => document.getElementById(id);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const number = (value, digits = 2) => value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const price = value => (value >= 1 ? number(value) : String(Number(value.toPrecision(6))));
  const percent = (value, digits = 2) => `${number(100 * value, digits)} %`;
  const time = seconds => new Date(1000 * seconds).toISOString().slice(0, 16).replace("T", " ");
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // What all charts have in common. The library's own logo is left out: the page has the attribution at its foot.
  const options = () => ({
    autoSize: true,
    layout: { attributionLogo: false, background: { color: css("--card") }, textColor: css("--soft"), fontSize: 11, panes: { separatorColor: css("--line"), separatorHoverColor: css("--hover") } },
    grid: { vertLines: { color: css("--grid") }, horzLines: { color: css("--grid") } },
    crosshair: { mode: 0, vertLine: { color: css("--soft"), labelBackgroundColor: css("--label") }, horzLine: { color: css("--soft"), labelBackgroundColor: css("--label") } },
    rightPriceScale: { borderColor: css("--line"), minimumWidth: 68 },
    timeScale: { borderColor: css("--line"), timeVisible: data.step < 86400, secondsVisible: data.step < 60, minBarSpacing: 0.1, fixLeftEdge: true, fixRightEdge: true },
    localization: { locale: "en-US", timeFormatter: time },
    handleScale: { mouseWheel: false, axisPressedMouseMove: { price: false } },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
  });
  const thin = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerRadius: 3 };
  const pairs = (times, values, change = value => value) =>
    times.map((at, i) => (values[i] === null ? { time: at } : { time: at, value: change(values[i]) }));

  // A chart knows its width only after the next frame, so all of it is brought into sight after two.
  const settled = act => requestAnimationFrame(() => requestAnimationFrame(act));

  // A chart that shows all of its time still does so at another width, as on a phone that is turned.
  const fitted = (element, chart) => {
    let isWhole = true;
    const fit = () => {
      isWhole = true;
      chart.timeScale().fitContent();
    };
    const leave = () => { isWhole = false; };
    element.addEventListener("pointerdown", leave);
    element.addEventListener("wheel", () => { if (element.contains(document.activeElement)) leave(); }, { passive: true });
    // Called after the chart's own observer, so the chart has its new width.
    new ResizeObserver(() => { if (isWhole) fit(); }).observe(element);
    settled(fit);
    return { fit, leave };
  };

  // A wheel that is turned over a chart scrolls the page, unless the chart was chosen before.
  const chosen = (element, chart) => {
    element.addEventListener("focusin", () => chart.applyOptions({ handleScale: { mouseWheel: true } }));
    element.addEventListener("focusout", () => chart.applyOptions({ handleScale: { mouseWheel: false } }));
  };

  function main() {
    const element = find("chart");
    element.replaceChildren();
    const chart = createChart(element, options());
    const money = { type: "custom", minMove: 0.01, formatter: value => number(value, value >= 100000 ? 0 : 2) };
    const quote = { type: "custom", minMove: 1e-12, formatter: price };
    // The top of a drawdown is always 0.
    const fall = { autoscaleInfoProvider: original => {
      const info = original();
      if (info?.priceRange) info.priceRange.maxValue = 0;
      return info;
    } };
    const share = { type: "custom", minMove: 0.0001, formatter: value => percent(value, 1) };
    const candles = chart.addSeries(CandlestickSeries, { borderVisible: false, priceFormat: quote, priceLineVisible: false });
    const ribbon = chart.addSeries(HistogramSeries, { priceScaleId: "ribbon", priceLineVisible: false, lastValueVisible: false });
    chart.priceScale("ribbon").applyOptions({ scaleMargins: { top: 0.94, bottom: 0 } });
    const volume = chart.addSeries(HistogramSeries, { priceScaleId: "volume", priceLineVisible: false, lastValueVisible: false, priceFormat: { type: "volume" } });
    chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.78, bottom: 0.07 } });
    const holdAt = data.curves.findIndex(curve => curve.baseline && curve.name === "hold");
    const curves = data.curves.map((curve, i) => ({
      ...curve,
      // Staying out is a straight line: it needs no colour of its own.
      colour: curve.baseline && curve.name === "hold" ? "--curve-7" : `--curve-${(holdAt < 0 || i < holdAt ? i : i - 1) % 7}`,
      shown: true,
      line: chart.addSeries(LineSeries, { ...thin, lineWidth: i === 0 ? 2 : 1, lineStyle: curve.baseline ? LineStyle.Dashed : LineStyle.Solid, lastValueVisible: i === 0, priceFormat: money }, 1),
      fall: i === 0
        ? chart.addSeries(BaselineSeries, { ...thin, ...fall, baseValue: { type: "price", price: 0 }, priceFormat: share }, 2)
        : chart.addSeries(LineSeries, { ...thin, lineStyle: curve.baseline ? LineStyle.Dashed : LineStyle.Solid, ...fall, priceFormat: share }, 2),
    }));
    const markers = createSeriesMarkers(candles, []);
    // Where arrows would hide the price, executions are points at the low and the high of their bar.
    const points = { lineVisible: false, pointMarkersVisible: true, pointMarkersRadius: 1.3, crosshairMarkerVisible: false, priceLineVisible: false, lastValueVisible: false };
    const [bought, sold] = [chart.addSeries(LineSeries, points), chart.addSeries(LineSeries, points)];
    chart.panes().forEach((pane, i) => pane.setStretchFactor([5, 3, 2][i]));
    // Room for the upper half of the label of 0 at the top, also on a phone.
    chart.priceScale("right", 2).applyOptions({ scaleMargins: { top: 0.08, bottom: 0.08 } });
    const titles = ["Price", "Equity", "Drawdown"].map(title => element.appendChild(make("span", { className: "title", textContent: title })));

    candles.setData(data.time.map((at, i) => ({ time: at, open: data.open[i], high: data.high[i], low: data.low[i], close: data.close[i] })));
    ribbon.setData(pairs(data.time, data.invested));
    volume.setData(pairs(data.time, data.volume));
    bought.setData(pairs(data.time, data.low.map((low, i) => (data.buys[i] ? low : null))));
    sold.setData(pairs(data.time, data.high.map((high, i) => (data.sells[i] ? high : null))));
    for (const curve of curves) {
      curve.line.setData(pairs(data.time, curve.equity));
      curve.fall.setData(pairs(data.time, curve.drawdown, value => -value));
    }

    const paint = () => {
      chart.applyOptions(options());
      candles.applyOptions({ upColor: css("--candle-up"), downColor: css("--candle-down"), wickUpColor: css("--candle-up"), wickDownColor: css("--candle-down") });
      ribbon.applyOptions({ color: css("--ribbon") });
      volume.applyOptions({ color: css("--volume") });
      bought.applyOptions({ color: css("--accent") });
      sold.applyOptions({ color: css("--curve-1") });
      curves.forEach((curve, i) => {
        const colour = css(curve.colour);
        curve.line.applyOptions({ color: colour });
        curve.fall.applyOptions(i === 0 ? { topLineColor: colour, bottomLineColor: colour, topFillColor1: "transparent", topFillColor2: "transparent", bottomFillColor1: `${colour}38`, bottomFillColor2: `${colour}38` } : { color: colour });
      });
      mark(true);
    };

    // Marks are laid out anew when they are set, so only when what they look like changes.
    let density = "";
    const mark = isForced => {
      const range = chart.timeScale().getVisibleLogicalRange();
      const from = Math.max(0, Math.floor(range?.from ?? 0)), to = Math.min(data.time.length - 1, Math.ceil(range?.to ?? data.time.length));
      let fills = 0;
      for (let i = from; i <= to; i++) fills += (data.buys[i] > 0) + (data.sells[i] > 0);
      const now = fills > 250 ? "dots" : fills > 40 ? "small" : "large";
      if (now === density && !isForced) return;
      density = now;
      for (const series of [bought, sold]) series.applyOptions({ visible: now === "dots" });
      const list = [];
      const size = now === "large" ? 0.9 : 0.5;
      for (let i = 0; now !== "dots" && i < data.time.length; i++) {
        const text = count => (now === "large" && count > 1 ? `${count}x` : undefined);
        if (data.buys[i]) list.push({ time: data.time[i], position: "belowBar", shape: "arrowUp", color: css("--accent"), size, text: text(data.buys[i]) });
        if (data.sells[i]) list.push({ time: data.time[i], position: "aboveBar", shape: "arrowDown", color: css("--curve-1"), size, text: text(data.sells[i]) });
      }
      markers.setMarkers(list);
    };

    const place = () => {
      let top = 5;
      chart.panes().forEach((pane, i) => {
        titles[i].style.top = `${top}px`;
        top += pane.getHeight() + 1;
      });
    };

    const item = (label, text, className = "") => make("span", { className }, `${label} `, make("b", { textContent: text }));
    const describe = at => {
      // Without a pointer it is the last bar in sight, as on the price axis.
      const newest = Math.ceil(chart.timeScale().getVisibleLogicalRange()?.to ?? data.time.length - 1);
      const i = Math.min(Math.max(Math.round(at ?? newest), 0), data.time.length - 1);
      find("readout").replaceChildren(
        item(time(data.time[i]), "UTC"),
        ...["open", "high", "low", "close"].map(name => item(name[0].toUpperCase(), price(data[name][i]), name === "close" ? "" : "extra")),
        item("V", number(data.volume[i]), "extra"), item("bought", number(data.buys[i], 0)), item("sold", number(data.sells[i], 0)), item("in the market", percent(data.invested[i], 0), "extra"),
        ...curves.filter(curve => curve.shown).map(curve => item(curve.name, number(curve.equity[i]))));
    };

    find("curves").replaceChildren(...curves.map(curve => {
      const chip = make("button", { type: "button", textContent: curve.name });
      chip.style.setProperty("--own", `var(${curve.colour})`);
      chip.setAttribute("aria-pressed", "true");
      chip.addEventListener("click", () => {
        curve.shown = !curve.shown;
        chip.setAttribute("aria-pressed", String(curve.shown));
        for (const series of [curve.line, curve.fall]) series.applyOptions({ visible: curve.shown });
        describe(null);
      });
      return chip;
    }));

    const scale = chart.timeScale();
    const { fit, leave } = fitted(element, chart);
    const move = what => {
      const range = scale.getVisibleLogicalRange();
      if (what === "all" || !range) return fit();
      leave();
      const middle = (range.from + range.to) / 2, last = data.time.length - 1;
      const half = Math.min(Math.max((range.to - range.from) / 2 * ({ in: 0.6, out: 1.7 }[what] ?? 1), 5), last / 2 + 1);
      const at = Math.min(Math.max(middle + ({ left: -0.5, right: 0.5 }[what] ?? 0) * half, half - 0.5), last - half + 0.5);
      scale.setVisibleLogicalRange({ from: at - half, to: at + half });
    };
    for (const button of document.querySelectorAll("[data-move]")) button.addEventListener("click", () => move(button.dataset.move));
    element.addEventListener("keydown", event => {
      const what = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", Home: "all" }[event.key];
      if (!what || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move(what);
    });
    chosen(element, chart);
    let pointed = null;
    scale.subscribeVisibleLogicalRangeChange(() => {
      mark(false);
      describe(pointed);
    });
    chart.subscribeCrosshairMove(event => describe(pointed = event.logical ?? null));
    new ResizeObserver(() => requestAnimationFrame(place)).observe(element);
    paint();
    describe(null);
    return paint;
  }

  function actions() {
    const element = find("actions");
    const chart = createChart(element, options());
    // Three shares that add up to one, drawn over one another from the largest sum down.
    const of = () => chart.addSeries(HistogramSeries, { priceLineVisible: false, lastValueVisible: false, base: 0, priceFormat: { type: "custom", minMove: 0.001, formatter: value => (value < -0.001 || value > 1.001 ? "" : percent(value, 0)) } });
    const [buy, hold, sell] = [of(), of(), of()];
    const total = data.time.map((_, i) => data.sell[i] + data.hold[i] + data.buy[i]);
    buy.setData(data.time.map(at => ({ time: at, value: 1 })));
    hold.setData(data.time.map((at, i) => ({ time: at, value: (data.sell[i] + data.hold[i]) / total[i] })));
    sell.setData(data.time.map((at, i) => ({ time: at, value: data.sell[i] / total[i] })));
    chart.priceScale("right").applyOptions({ scaleMargins: { top: 0.06, bottom: 0.06 } });
    fitted(element, chart);
    const paint = () => {
      chart.applyOptions(options());
      buy.applyOptions({ color: css("--candle-up") });
      hold.applyOptions({ color: css("--hold") });
      sell.applyOptions({ color: css("--candle-down") });
    };
    paint();
    return paint;
  }

  function weights() {
    const element = find("weights");
    if (!element) return () => {};
    const chart = createChart(element, options());
    const format = { type: "custom", minMove: 0.0001, formatter: value => number(value, value < 10 ? 3 : 1) };
    const lines = data.weights.features.map((feature, i) => ({ colour: `--curve-${i % 8}`, series: chart.addSeries(LineSeries, { ...thin, priceFormat: format }), sizes: feature.sizes }));
    for (const line of lines) line.series.setData(pairs(data.weights.time, line.sizes));
    fitted(element, chart);
    const paint = () => {
      chart.applyOptions(options());
      for (const line of lines) line.series.applyOptions({ color: css(line.colour) });
    };
    paint();
    return paint;
  }

  const paints = [main(), actions(), weights()];
  const repaint = () => paints.forEach(paint => paint());
  dark.addEventListener("change", repaint);
  addEventListener("beforeprint", repaint);
  addEventListener("afterprint", repaint);
  // For whoever measures: two frames after that everything is on the screen.
  settled(() => settled(() => {
    document.documentElement.dataset.drawn = String(Math.round(performance.now()));
  }));
})();
