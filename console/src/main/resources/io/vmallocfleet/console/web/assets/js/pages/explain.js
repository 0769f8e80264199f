// A pasted or dropped /proc/vmallocinfo, explained. The text stays in this tab; the server keeps nothing.
import {h, card, figure, table, empty, failure} from '../parts.js';
import {replace} from '../dom.js';
import {addressMap} from '../addressmap.js';
import * as api from '../api.js';
import * as f from '../format.js';

export const live = false;
const LARGEST = 16 * 1024 * 1024;

let text = '';

export async function show() {
  const result = h('div', {'aria-live': 'polite'});
  const area = h('textarea', {
    rows: 9, spellcheck: 'false', 'aria-label': 'text of /proc/vmallocinfo', 'data-keep': 'text', value: text.length < 200_000 ? text : '',
    placeholder: '0xffffc90000000000-0xffffc90000005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4\n…',
    // What is marked and copied often lacks the last newline, without which a row may be cut short.
    oninput: () => { text = area.value.endsWith('\n') ? area.value : `${area.value}\n`; },
  });
  const file = h('input', {type: 'file', hidden: true, onchange: () => read(file.files[0])});
  const drop = h('div.drop', {
    ondragover: event => { event.preventDefault(); drop.classList.add('over'); },
    ondragleave: () => drop.classList.remove('over'),
    ondrop: event => {
      event.preventDefault();
      drop.classList.remove('over');
      read(event.dataTransfer.files[0]);
    },
  }, area, h('div.row',
    h('button', {onclick: run}, 'Explain'), h('button.small', {onclick: () => file.click()}, 'Choose a file…'), file,
    h('span.quiet', 'or drop one here. Up to 16 MiB; read, answered and forgotten. On a host: '), h('code', 'sudo cat /proc/vmallocinfo')));

  async function read(chosen) {
    if (!chosen) return;
    if (chosen.size > LARGEST) {
      replace(result, failure(new Error('the file is larger than 16 MiB: "./vmalloc-fleet explain FILE" takes any size')));
      return;
    }
    text = await chosen.text();
    area.value = text.length < 200_000 ? text : `${text.slice(0, 2000)}\n… ${chosen.name}, ${f.bytes(text.length)}`;
    await run();
  }

  async function run() {
    if (!text.trim()) {
      replace(result, empty('There is nothing to explain yet.', 'Paste the text, or choose a file.'));
      return;
    }
    replace(result, h('p.quiet.loading', 'Reading…'));
    try {
      replace(result, explained(await api.upload('/api/explain', text)));
    } catch (error) {
      replace(result, failure(error));
    }
  }

  if (text) queueMicrotask(run);
  return [h('div.title', h('h1', 'Explain'), h('span.quiet', 'one host’s file in plain words: who holds what, what for, why there are holes')), drop, result];
}

function explained(answer) {
  if (!answer.areas && !answer.malformed) return empty('No row could be read.', 'Is this the text of /proc/vmallocinfo?');
  const {shares, holes} = answer;
  return h('div.stack', 
    answer.malformed ? h('div.note.warn', h('strong', `${f.count(answer.malformed)} of ${f.count(answer.lines)} lines could not be read. `),
      h('ul', answer.malformedLines.slice(0, 5).map(line => h('li', `line ${line.line}: ${line.reason}: `, h('code', line.text))))) : null,
    h('section.figures', {'aria-label': 'key figures'},
      figure('Memory held', f.bytes(answer.memoryBytes), `pages of ${f.bytes(answer.pageSize)}`),
      figure('Address space', f.bytes(answer.addressSpaceBytes), `${f.count(answer.areas)} areas`),
      figure('Freed, not purged', f.bytes(shares.unpurged.bytes), `${f.count(shares.unpurged.areas)} areas, no memory`),
      figure('Holes', holes ? f.count(holes.all.areas) : 'unknown', holes ? `${f.bytes(holes.all.bytes)}, the largest ${f.bytes(holes.largest)}` : answer.runs ? `${f.count(answer.runs)} runs of adjoining areas` : null),
      figure('Lines', f.count(answer.lines), `${f.count(answer.malformed)} unread, ${f.count(answer.repeated)} repeated`)),
    h('p.note', `Addresses: ${answer.howToSeeMore}.`.replace('..', '.')),
    card('Address space', addressMap(answer.map, {explainHole: (low, high) => api.upload(`/api/explain/hole?low=${low}&high=${high}`, text), madeUp: false}).element),
    card('What it is for', table([
      {title: 'purpose', cell: row => h('details', h('summary', row.label), h('p.quiet', row.meaning), h('p.quiet', `When it keeps growing: ${row.growing}`),
        h('ul', row.callers.slice(0, 12).map(caller => h('li', h('span.mono', caller.module ? `${caller.function} [${caller.module}]` : caller.function), h('span.quiet', ` ${f.count(caller.areas)} × · ${f.bytes(caller.memoryBytes)} · ${caller.known ? caller.purpose : 'not in our table'}`)))))},
      {title: 'memory', number: true, cell: row => f.bytes(row.memoryBytes)},
      {title: 'address space', number: true, cell: row => f.bytes(row.addressSpaceBytes)},
      {title: 'areas', number: true, cell: row => f.count(row.areas)},
      {title: 'grows with', cell: row => h('span.quiet', row.growth)},
    ], answer.purposes, {label: 'purposes'})));
}
