// The fleet at a glance: who is there, what is held, what moves, what is wrong.
import {h, card, figure, badge, table, ranges, change, callerLink, hostLink, alertList, empty, meter} from '../parts.js';
import {timeChart, tenths} from '../charts.js';
import * as f from '../format.js';

const STATES = [['FINE', 'fine'], ['SILENT', 'silent'], ['BLIND', 'blind'], ['SKEWED', 'skewed']];

export async function show(context) {
  const fleet = await context.get('/api/fleet', {range: context.range});
  const hosts = Object.values(fleet.hostsByState).reduce((sum, n) => sum + n, 0);
  if (!hosts) {
    return [h('h1', 'Fleet'), empty('No host has been heard of yet.',
      'A host shows here with its first closed window: start an agent, or try "./vmalloc-fleet up --hosts 12 --inject leak".')];
  }
  const {columns, startMillis: start, stepMillis: step} = fleet.series;
  const firing = fleet.alertsByState.FIRING ?? 0;
  const found = fleet.alertsByState.FOUND ?? 0;
  return [
    h('div.title', h('h1', 'Fleet'), h('span.quiet', 'window to ', f.moment(fleet.window), ` · ${f.duration(fleet.windowMillis)} long`), ranges(context)),
    h('section.figures', {'aria-label': 'key figures'},
      figure('Hosts', h('a', {href: '/hosts'}, f.count(hosts)), h('span.states', STATES.filter(([state]) => state === 'FINE' || fleet.hostsByState[state]).map(([state, text]) =>
        h('a', {href: `/hosts?state=${state}`}, badge(state, `${f.count(fleet.hostsByState[state] ?? 0)} ${text}`))))),
      figure('Memory held', f.bytes(fleet.bytes), `${f.bytes(hosts ? fleet.bytes / hosts : 0)} a host`),
      figure('Address space', f.bytes(fleet.mappedBytes), `unpurged ${f.bytes(fleet.unpurgedBytes)}`),
      figure('Areas', f.count(fleet.areas), h('a', {href: '/callers'}, `${f.count(fleet.callers)} callers`)),
      figure('Alerts', h('a', {href: '/alerts?state=FIRING'}, `${f.count(firing)} firing`), found ? h('a', {href: '/alerts?state=FOUND'}, `${f.count(found)} found, not routed`) : 'none waiting')),
    h('div.grid.two',
      card('Memory held by vmalloc areas', columns?.bytes ? timeChart({start, step, unit: 'bytes', label: 'Memory', lines: [
        {label: 'memory', values: columns.bytes, colour: '--c1', fill: true}]}) : empty('The first two windows make a line.')),
      card('Areas in use', columns?.areas ? timeChart({start, step, unit: 'count', label: 'Areas', lines: [
        {label: 'areas', values: columns.areas, colour: '--c2', fill: true}]}) : empty('The first two windows make a line.'))),
    h('div.grid.two',
      card(h('a', {href: '/alerts'}, 'What is wrong'), alertList(fleet.firing, 'Nothing is firing.')),
      card(h('a', {href: '/callers?sort=MOVED'}, 'Moved most'), table([
        {title: 'caller', cell: callerLink},
        {title: 'for', class: 'roomy', cell: row => h('span.quiet', row.label)},
        {title: 'memory', number: true, cell: row => f.bytes(row.bytes)},
        {title: 'change', number: true, cell: row => change(row.changeBytes)},
      ], fleet.movers.filter(row => row.changeBytes), {label: 'top movers', whenEmpty: empty('Nothing has moved in this range.')}))),
    h('div.grid.two',
      card(h('a', {href: '/callers'}, 'Largest callers'), table([
        {title: 'caller', cell: callerLink},
        {title: 'hosts', number: true, cell: row => f.count(row.hosts)},
        {title: 'memory', number: true, cell: row => f.bytes(row.bytes)},
        {title: 'p50 / host', number: true, cell: row => f.bytes(row.p50)},
        {title: 'p99 / host', number: true, cell: row => f.bytes(row.p99)},
      ], fleet.largest, {label: 'largest callers'})),
      card('Kernel builds', table([
        {title: 'release', cell: row => h('a.mono', {href: `/hosts?kernel=${encodeURIComponent(row.build)}`, title: `${row.build} ${row.architecture}`}, row.release)},
        {title: 'hosts', number: true, cell: row => f.count(row.hosts)},
        {title: 'share', class: 'roomy', cell: row => meter(row.hosts / hosts)},
        {title: 'memory / host', number: true, cell: row => f.bytes(row.bytesPerHost)},
        {title: 'against all', number: true, hint: 'memory per host against the mean of all hosts', cell: row => drift(row.drift)},
      ], fleet.kernels, {label: 'kernel builds'}))),
    h('div.grid.two',
      card('Fragmentation', h('p.quiet', 'Hosts by unusable free space index: the share of free address space that lies in holes too small for the largest request watched.'),
        tenths(fleet.unusable, 'Unusable free space', '0 % all usable', '100 % none'),
        worst(fleet.mostFragmented.filter(row => row.unusable >= 0.01), row => meter(row.unusable))),
      card('Headroom', h('p.quiet', 'Hosts by how much of their tightest limit is used: vmalloc address space or net.core.bpf_jit_limit.'),
        tenths(fleet.headroom, 'Headroom used', '0 % used', '100 %'),
        worst(fleet.leastHeadroom.filter(row => row.headroomUsed >= 0.001), row => meter(row.headroomUsed)))),
  ];
}

function worst(rows, cell) {
  return rows.length ? h('ul.worst', rows.map(row => h('li', hostLink(row), cell(row)))) : null;
}

function drift(ratio) {
  const text = `${ratio >= 1 ? '+' : '−'}${Math.abs((ratio - 1) * 100).toFixed(0)} %`;
  return h('span.change', {class: Math.abs(ratio - 1) < 0.1 ? 'same' : ratio > 1 ? 'up' : 'down'}, text);
}
