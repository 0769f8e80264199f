// Questions in SQL, asked of Flink's gateway: a table, a simple chart, CSV.
import {h, card, table, empty, failure} from '../parts.js';
import {replace} from '../dom.js';
import {timeChart, PALETTE} from '../charts.js';
import {QUESTIONS} from '../questions.js';
import * as api from '../api.js';
import * as f from '../format.js';

export const live = false;

const MOST_ROWS = 2000;

/** Columns of the tables whose numbers are bytes. */
const BYTES = /bytes|most_on_one_host/;

export async function show(context) {
  if (!context.session.sql) {
    return [h('h1', 'SQL'), empty('No SQL gateway is known to this console.', 'Start the console with --sql-gateway URL, or ask on the command line: ./vmalloc-fleet sql')];
  }
  const result = h('div.stack', {'aria-live': 'polite'});
  const editor = h('textarea', {rows: 8, spellcheck: 'false', 'aria-label': 'SQL statement', value: context.query.get('q') ?? QUESTIONS[0][1],
    onkeydown: event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
      }
    }});
  const ask = h('button', {onclick: run}, 'Run');
  const stop = h('button.small', {onclick: cancel, disabled: true}, 'Cancel');
  let running = null;

  async function run() {
    if (running) return;
    const statement = editor.value.trim().replace(/;$/, '');
    context.set({q: statement}, {quietly: true});
    const job = running = {cancelled: false, id: null};
    const began = Date.now();
    ask.disabled = true;
    stop.disabled = false;
    const answer = {columns: [], rows: [], more: false};
    const progress = h('p.quiet.loading', 'Asking Flink…');
    const tick = setInterval(() => { progress.textContent = `Asking Flink… ${f.duration(Date.now() - began)}${answer.rows.length ? `, ${f.count(answer.rows.length)} rows so far` : ''}`; }, 500);
    replace(result, progress);
    try {
      job.id = (await api.send('POST', '/api/sql', {statement})).id;
      for (let page = 0; page !== null && !job.cancelled;) {
        const part = await api.get(`/api/sql/${job.id}`, {page}, context.leaving.signal);
        if (part.columns.length) answer.columns = part.columns;
        answer.rows.push(...part.rows);
        page = part.next;
        if (answer.rows.length >= MOST_ROWS) {
          answer.more = page !== null;
          break;
        }
        if (!part.rows.length && page !== null) await new Promise(done => setTimeout(done, 200));
      }
      replace(result, job.cancelled ? h('p.note', 'Cancelled.') : shown(answer, Date.now() - began));
    } catch (error) {
      if (error.name !== 'AbortError') replace(result, job.cancelled ? h('p.note', 'Cancelled.') : failure(error));
    } finally {
      clearInterval(tick);
      ask.disabled = false;
      stop.disabled = true;
      running = null;
      if (job.id) api.send('DELETE', `/api/sql/${job.id}`).catch(() => {});
    }
  }

  function cancel() {
    if (!running) return;
    running.cancelled = true;
    if (running.id) api.send('DELETE', `/api/sql/${running.id}`).catch(() => {});
  }

  context.memory.cancel = cancel;
  return [
    h('div.title', h('h1', 'SQL'), h('span.quiet', 'reads what the topics hold up to now; changes nothing')),
    h('div.sql', card('Questions', h('ul.questions', QUESTIONS.map(([name, statement]) => h('li', h('button.small', {onclick: () => { editor.value = statement; editor.focus(); }}, name))))),
      h('div.stack', h('section.card', editor, h('div.row', ask, stop, h('span.quiet', 'Ctrl-Enter runs it. SELECT, SHOW, DESCRIBE and EXPLAIN; one statement.'))), result)),
  ];
}

export function leave(context) {
  context.memory.cancel?.();
}

function shown(answer, took) {
  const {columns, rows} = answer;
  const numeric = columns.map(column => /INT|DOUBLE|FLOAT|DECIMAL/.test(column.type));
  const cell = (value, i) => value === null ? h('span.quiet', 'null') : numeric[i] && BYTES.test(columns[i].name) ? h('span', {title: String(value)}, f.bytes(Number(value))) : numeric[i] ? Number(value).toLocaleString('en-US', {maximumFractionDigits: 3}) : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return [
    h('p.row', h('span.quiet', `${f.count(rows.length)} rows${answer.more ? ', there are more' : ''} in ${(took / 1000).toFixed(1)} s`), rows.length ? h('button.small', {onclick: () => saveCsv(columns, rows)}, 'CSV') : null),
    plot(columns, rows, numeric),
    rows.length ? table(columns.map((column, i) => ({title: column.name, number: numeric[i], hint: column.type, cell: row => cell(row[i], i)})), rows, {label: 'result'}) : empty('No rows.'),
  ];
}

/** Where the first column is a time and another a number, a line says more. */
function plot(columns, rows, numeric) {
  const time = columns.findIndex(column => /TIMESTAMP/.test(column.type));
  const values = columns.map((column, i) => i).filter(i => numeric[i]).slice(0, 4);
  if (time < 0 || !values.length || rows.length < 3) return null;
  const points = rows.map(row => [parseTime(row[time]), row]).filter(([at]) => !Number.isNaN(at)).sort((a, b) => a[0] - b[0]);
  const distances = points.slice(1).map(([at], i) => at - points[i][0]).filter(distance => distance > 0);
  if (!distances.length) return null;
  const step = Math.min(...distances);
  const start = points[0][0];
  const length = Math.round((points[points.length - 1][0] - start) / step) + 1;
  if (length > 5000) return null;
  const bytes = values.filter(i => BYTES.test(columns[i].name));
  const drawn = bytes.length ? bytes : values.slice(0, 1);
  return card('', timeChart({start, step, unit: bytes.length ? 'bytes' : 'count', zero: true, label: 'Result', lines: drawn.map((i, rank) => {
    const line = new Array(length).fill(null);
    points.forEach(([at, row]) => { line[Math.round((at - start) / step)] = Number(row[i]); });
    return {label: columns[i].name, values: line, colour: PALETTE[rank]};
  })}));
}

function parseTime(text) {
  const iso = String(text).replace(' ', 'T');
  return Date.parse(/Z|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`);
}

function saveCsv(columns, rows) {
  const quoted = value => {
    let text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    // A hostname must not become a formula in somebody's spreadsheet.
    if (/^[=+\-@\t]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = [columns.map(column => quoted(column.name)), ...rows.map(row => row.map(quoted))].map(line => line.join(',')).join('\r\n');
  const link = h('a', {href: URL.createObjectURL(new Blob([`${text}\r\n`], {type: 'text/csv'})), download: 'vmalloc-fleet.csv'});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
