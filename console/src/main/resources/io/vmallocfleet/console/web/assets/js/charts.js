// Plots over time, by uPlot; colours from the style sheet, so that both themes hold.
import uPlot from '/assets/uplot/uPlot.esm.js';
import {h} from './dom.js';
import * as f from './format.js';

/** Okabe and Ito's colours, told apart with every kind of colour vision. */
export const PALETTE = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'];

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function translucent(hex, alpha) {
  return hex + Math.round(alpha * 255).toString(16).padStart(2, '0');
}

const FORMATS = {bytes: value => f.bytes(value), count: value => f.count(value), ratio: value => f.percent(value, 0)};

/** Distances between ticks that are round in binary units. */
const BYTE_STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].flatMap(step => [step]);
const BYTE_INCREMENTS = Array.from({length: 6}, (_, unit) => BYTE_STEPS.map(step => step * 1024 ** unit)).flat();

const COUNT_INCREMENTS = Array.from({length: 13}, (_, power) => [1, 2, 5].map(step => step * 10 ** power)).flat();

const INCREMENTS = {bytes: BYTE_INCREMENTS, count: COUNT_INCREMENTS};

/**
 * @param spec {start, step, lines: [{label, values, colour, fill, dash, width}], unit, bands: [[i, j, colour]], height, marks: [{at, label}], zero, label}
 */
export function timeChart(spec) {
  const begin = Math.min(...spec.lines.map(line => line.values.findIndex(value => value !== null)).filter(at => at >= 0));
  if (!Number.isFinite(begin)) return h('p.empty', 'No window in this range yet.');
  spec = {...spec, start: spec.start + begin * spec.step, lines: spec.lines.map(line => ({...line, values: line.values.slice(begin)}))};
  const first = spec.lines[0].values;
  const times = first.map((_, i) => (spec.start + i * spec.step) / 1000);
  const format = FORMATS[spec.unit ?? 'bytes'];
  const grid = {stroke: colour('--grid'), width: 1};
  const axis = {stroke: colour('--quiet'), grid, ticks: {...grid, size: 4}, font: '11px system-ui, sans-serif'};
  const holder = h('div.chart', {role: 'img', 'aria-label': describe(spec, format)});
  const options = {
    width: 300,
    height: spec.height ?? 180,
    cursor: {points: {size: 6}, drag: {x: false, y: false}},
    legend: {show: true, live: true},
    scales: {x: {time: true}, y: {range: (u, min, max) => limits(spec, min, max)}},
    axes: [
      {...axis, space: 70, size: 26, values: (u, ticks) => ticks.map(tick => tickTime(tick, times))},
      {...axis, size: spec.unit === 'count' ? 52 : 66, incrs: INCREMENTS[spec.unit ?? 'bytes'],
        values: (u, ticks) => ticks.map(tick => format(tick))},
    ],
    series: [
      {label: 'at', value: (u, value) => value === null || value === undefined ? f.clock(times[times.length - 1] * 1000) : `${f.clock(value * 1000)} · ${f.utc(value * 1000)}`},
      ...spec.lines.map(line => ({
        label: line.label,
        stroke: colour(line.colour),
        fill: line.fill ? translucent(colour(line.colour), 0.12) : undefined,
        width: line.width ?? 1.5,
        dash: line.dash,
        spanGaps: false,
        points: {show: times.length < 3},
        value: (u, value, number, at) => {
          // Without a pointer over it, the legend shows the newest value.
          const shown = at === null ? last(line.values) : value;
          return shown === null || shown === undefined ? '–' : format(shown);
        },
      })),
    ],
    bands: (spec.bands ?? []).map(([upper, lower, name]) => ({series: [upper + 1, lower + 1], fill: translucent(colour(name), 0.18)})),
    hooks: spec.marks?.length ? {draw: [u => drawMarks(u, spec.marks)]} : {},
  };
  const plot = new uPlot(options, [times, ...spec.lines.map(line => line.values)], holder);
  new ResizeObserver((entries, observer) => {
    if (!holder.isConnected) {
      observer.disconnect();
      plot.destroy();
      return;
    }
    const width = Math.floor(entries[0].contentRect.width);
    if (width > 0 && width !== plot.width) plot.setSize({width, height: options.height});
  }).observe(holder);
  return holder;
}

function last(values) {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null) return values[i];
  return null;
}

function tickTime(tick, times) {
  const date = new Date(tick * 1000);
  const span = times[times.length - 1] - times[0];
  const options = span < 1200 ? {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false} : {hour: '2-digit', minute: '2-digit', hour12: false};
  return date.toLocaleTimeString(undefined, options);
}

function limits(spec, min, max) {
  if (min === null || max === null) return [0, 1];
  if (spec.zero) return [0, max > 0 ? max * 1.08 : 1];
  const room = (max - min) * 0.12 || Math.max(Math.abs(max) * 0.05, 1);
  return [Math.max(0, min - room), max + room];
}

function drawMarks(u, marks) {
  const {ctx, bbox} = u;
  ctx.save();
  ctx.strokeStyle = colour('--mark');
  ctx.fillStyle = colour('--ink');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  marks.forEach((mark, i) => {
    const x = u.valToPos(mark.at / 1000, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(mark.label).width;
    const left = x + width + 8 * devicePixelRatio > bbox.left + bbox.width ? x - width - 4 * devicePixelRatio : x + 4 * devicePixelRatio;
    ctx.fillText(mark.label, left, bbox.top + (12 + 14 * (i % 3)) * devicePixelRatio);
  });
  ctx.restore();
}

function describe(spec, format) {
  const parts = spec.lines.slice(0, 8).map(line => {
    const values = line.values.filter(value => value !== null);
    return values.length ? `${line.label} from ${format(values[0])} to ${format(values[values.length - 1])}` : `${line.label} unknown`;
  });
  return `${spec.label ?? 'Plot over time'}: ${parts.join('; ')}`;
}

/** Counts by tenths as small bars, with the count of each on hover and for readers. */
export function tenths(counts, label, low, high) {
  const most = Math.max(1, ...counts);
  const all = counts.reduce((sum, n) => sum + n, 0);
  if (!all) return h('p.empty', 'Unknown on every host: no addresses are shown.');
  const bars = h('div.tenths', {role: 'img', 'aria-label': `${label}: ${counts.map((n, i) => `${f.count(n)} hosts at ${i * 10} to ${i * 10 + 10} %`).join(', ')}`});
  counts.forEach((n, i) => {
    const bar = h('div.bar', {title: `${f.count(n)} hosts at ${i * 10}–${i * 10 + 10} %`, class: i >= 9 ? 'bad' : i >= 7 ? 'warn' : ''}, h('span', n ? f.count(n) : ''));
    bar.style.setProperty('--height', `${Math.max(n ? 4 : 0, n / most * 100)}%`);
    bars.append(bar);
  });
  return h('div', bars, h('div.tenths-scale', h('span', low), h('span', high)));
}

/** A few values as a line without axes. */
export function sparkline(values, label) {
  const known = values.map((value, i) => [i, value]).filter(([, value]) => value !== null && value !== undefined);
  if (known.length < 2) return h('span.quiet', '–');
  const [width, height] = [96, 20];
  const numbers = known.map(([, value]) => value);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const first = known[0][0];
  const span = Math.max(1, known[known.length - 1][0] - first);
  const points = known.map(([i, value]) =>
    `${((i - first) / span * (width - 2) + 1).toFixed(1)},${(high === low ? height / 2 : height - 2 - (value - low) / (high - low) * (height - 4)).toFixed(1)}`);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('class', 'sparkline');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${label}: from ${f.bytes(numbers[0])} to ${f.bytes(numbers[numbers.length - 1])}`);
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  line.setAttribute('points', points.join(' '));
  svg.append(line);
  return svg;
}
