// One host: its numbers, its address space, its callers.
import {h, card, figure, table, ranges, change, callerLink, alertList, hostState, meter, empty, badge, failure} from '../parts.js';
import {timeChart, sparkline, PALETTE} from '../charts.js';
import {addressMap} from '../addressmap.js';
import {replace} from '../dom.js';
import * as f from '../format.js';

export async function show(context) {
  const id = context.parameters[0];
  const view = await context.get(`/api/hosts/${encodeURIComponent(id)}`, {range: context.range});
  return () => page(context, id, view);
}

function page(context, id, view) {
  const {host} = view;
  const map = mapOf(context, view);
  const heading = h('h1.mono', {'data-title': host.hostname}, host.hostname || '(no name)');
  const tracked = view.callers.filter(caller => caller.recent);
  return [
    h('div.title', heading, hostState(host.state), h('span.quiet', 'seen ', f.since(host.takenAt)), ranges(context)),
    h('p.facts', fact('kernel', h('a.mono', {href: `/hosts?kernel=${encodeURIComponent(host.kernelBuild)}`, title: 'hosts of this build'}, host.kernelRelease)), fact('build', host.kernelBuild),
      fact('arch', host.architecture), fact('boot', h('span.mono', {title: view.bootId}, view.bootId.slice(0, 8) || 'unknown')), fact('id', h('span.mono', {title: host.id}, host.id.slice(0, 8))),
      fact('addresses', host.addressMode.toLowerCase()),
      Object.entries(host.labels).map(([name, value]) => badge('label', `${name}=${value}`))),
    view.blind ? h('p.note.warn', h('strong', 'Blind. '), `The agent runs and cannot see the areas: ${view.blind}`) : null,
    host.state === 'SILENT' ? h('p.note.warn', h('strong', 'Silent. '), 'All below is as of its last window, ', f.moment(host.windowEnd), '.') : null,
    host.clockAheadMillis > 0 ? h('p.note.warn', h('strong', 'Skewed. '), `Its clock runs ${f.duration(host.clockAheadMillis)} ahead beyond the tolerance; its times are clamped.`) : null,
    view.alerts.length ? card('Alerts', alertList(view.alerts, '')) : null,
    h('section.figures', {'aria-label': 'key figures'},
      figure('Memory held', f.bytes(host.bytes), [change(host.changeBytes), ' in 40 windows']),
      figure('Of RAM', view.memory.memTotal ? f.percent(host.bytes / view.memory.memTotal, 2) : 'unknown', view.memory.memTotal ? f.bytes(view.memory.memTotal) : null),
      figure('Address space', f.bytes(host.mappedBytes), `guard pages ${f.bytes(view.guardBytes)}`),
      figure('Areas', f.count(host.areas), `${f.count(view.callerCount)} callers`),
      figure('Unpurged', f.bytes(host.unpurgedBytes), `${f.count(view.unpurgedAreas)} areas, no memory`),
      figure('Health', host.lostSnapshots || host.malformedLines ? 'look' : 'good', `${f.count(host.lostSnapshots)} lost, ${f.count(host.malformedLines)} unread lines`),
      host.spool ? figure('Waiting there', f.count(host.spool.snapshots), `snapshots, ${f.bytes(host.spool.bytes)} of ${f.bytes(host.spool.maxBytes)}`) : null),
    h('section.card.map-card', {id: 'map'}, h('h2', 'Address space', h('span.quiet', ' snapshot of ', f.moment(host.takenAt)),
      h('span.card-links', h('a', {href: `/api/hosts/${encodeURIComponent(id)}/vmallocinfo`, target: '_blank', rel: 'noopener', title: 'as the kernel prints it; addresses are made up, they never left the host'}, 'as text'))), map),
    h('div.grid.two',
      card('Memory', timeChart({start: view.recent.startMillis, step: view.recent.stepMillis, unit: 'bytes', label: 'Memory', height: 170, lines: [
        {label: 'memory', values: view.recent.columns.bytes ?? [], colour: '--c1', fill: true}]}),
      h('h3', 'A day, coarse'), timeChart({start: view.coarse.startMillis, step: view.coarse.stepMillis, unit: 'bytes', label: 'Memory over a day', height: 110, lines: [
        {label: 'memory', values: view.coarse.columns.bytes ?? [], colour: '--c1'}, {label: 'address space', values: view.coarse.columns.mapped ?? [], colour: '--c3'}]})),
      card('Largest callers over time', tracked.length ? timeChart({start: view.recent.startMillis + (view.recent.columns.bytes.length - 40) * view.recent.stepMillis, step: view.recent.stepMillis, unit: 'bytes', zero: true, height: 300, label: 'Callers',
        lines: tracked.map((caller, i) => ({label: f.callerName(caller), values: caller.recent, colour: PALETTE[i]}))}) : empty('No window yet.'))),
    h('div.grid.two',
      card('Fragmentation', view.regions.length ? view.regions.map(region => fragmentation(region, host)) : empty('Nothing is known of its address space.')),
      card('Headroom', headroom(view))),
    card('Callers', table([
      {title: 'caller', cell: callerLink},
      {title: 'for', class: 'roomy', cell: row => h('span.quiet', row.label)},
      {title: 'memory', number: true, cell: row => f.bytes(row.bytes)},
      {title: 'share', class: 'roomy', cell: row => host.bytes ? meter(row.bytes / host.bytes) : '–'},
      {title: 'recently', cell: row => row.recent ? sparkline(row.recent, f.callerName(row)) : h('span.quiet', {title: 'the four largest are followed'}, '–')},
      {title: 'areas', number: true, cell: row => f.count(row.areas)},
      {title: 'address space', number: true, cell: row => f.bytes(row.mappedBytes)},
    ], view.callers, {label: 'callers on this host'}), view.callerCount > view.callers.length ? h('p.quiet', `The ${view.callers.length} largest of ${view.callerCount}.`) : null),
  ];
}

/** The map keeps its zoom while numbers around it change; it is read again with each new snapshot. */
function mapOf(context, view) {
  const memory = context.memory;
  memory.holder ??= h('div', h('p.quiet.loading', 'Finding the snapshot in Kafka…'));
  if (view.blind) {
    if (!memory.map) replace(memory.holder, empty('The agent cannot see the areas.', view.blind));
  } else if (memory.takenAt !== view.host.takenAt) {
    whenFree(memory, asked => {
      memory.takenAt = view.host.takenAt;
      readMap(context, view, asked);
    });
  }
  return memory.holder;
}

/** Does it, or offers it while somebody is at the map: nothing is replaced under their hands. */
function whenFree(memory, action) {
  memory.newest = action;
  if (!memory.map?.busy()) action(false);
  else if (!memory.newer?.isConnected) {
    memory.newer = h('button.small', {onclick: () => memory.newest(true)}, 'There is a newer snapshot: show it');
    memory.holder.prepend(memory.newer);
  }
}

async function readMap(context, view, asked) {
  const memory = context.memory;
  const path = `/api/hosts/${encodeURIComponent(view.host.id)}`;
  const request = view.alerts.find(alert => alert.finding.requestBytes)?.finding.requestBytes ?? null;
  try {
    const data = await context.get(`${path}/map`);
    if (!context.current) return;
    const draw = () => {
      memory.map = addressMap(data, {
        explainHole: (low, high) => context.get(`${path}/hole`, {low, high}),
        request, madeUp: true,
        view: context.query.get('map'),
        onView: text => context.set({map: text}, {quietly: true}),
      });
      replace(memory.holder, memory.map.element);
    };
    // Somebody may have come to the map while it was read.
    if (asked) draw();
    else whenFree(memory, draw);
  } catch (error) {
    if (error.name !== 'AbortError' && !memory.map) replace(memory.holder, failure(error));
  }
}

function fact(name, value) {
  return h('span.fact', h('span.quiet', `${name} `), value);
}

function fragmentation(region, host) {
  if (region.holes === null) {
    return h('div', h('h3', region.region.toLowerCase() === 'unknown' ? 'All areas' : region.region.toLowerCase()), h('p', region.runs !== null
      ? `${f.count(region.runs)} runs of adjoining areas. Hole sizes are not known: addresses are ${host.addressMode.toLowerCase()}.`
      : `Not known: addresses are ${host.addressMode.toLowerCase()}. sysctl kernel.kptr_restrict=1 and an agent with CAP_SYSLOG show them.`));
  }
  return h('div', h('h3', region.region.toLowerCase()),
    h('p', `${f.count(region.holes)} holes with ${f.bytes(region.holeBytes)} between ${f.count(region.areas)} areas; the largest is ${f.bytes(region.largestHoleBytes)}.${region.holes ? ' Freed areas not yet purged count as free here.' : ''}`),
    region.holeSizesLog2 ? holeSizes(region.holeSizesLog2) : null,
    region.unusable?.length ? h('table.plain', h('caption.quiet', 'Unusable free space index: share of the free bytes in holes too small for a request of'), h('tbody', region.unusable.map(entry =>
      h('tr', h('th', {scope: 'row'}, f.bytes(entry.requestBytes)), h('td', meter(entry.index)))))) : null);
}

function holeSizes(counts) {
  const first = counts.findIndex(n => n);
  if (first < 0) return null;
  const shown = counts.slice(first);
  const most = Math.max(...shown);
  const bars = h('div.tenths.holes', {role: 'img', 'aria-label': `Holes by size: ${shown.map((n, i) => `${n} from ${f.bytes(2 ** (first + i))}`).join(', ')}`});
  shown.forEach((n, i) => {
    const bar = h('div.bar', {title: `${f.count(n)} holes of ${f.bytes(2 ** (first + i))} to ${f.bytes(2 ** (first + i + 1))}`}, h('span', n ? f.count(n) : ''));
    bar.style.setProperty('--height', `${Math.max(n ? 4 : 0, n / most * 100)}%`);
    bars.append(bar);
  });
  return h('div', bars, h('div.tenths-scale', h('span', f.bytes(2 ** first)), h('span.quiet', 'holes by size'), h('span', f.bytes(2 ** counts.length))));
}

function headroom(view) {
  const {memory, host} = view;
  const rows = [];
  if (memory.vmallocTotal) rows.push(['vmalloc address space', host.mappedBytes, memory.vmallocTotal]);
  if (memory.bpfJitLimit) rows.push(['compiled BPF, net.core.bpf_jit_limit', view.jitBytes, memory.bpfJitLimit]);
  const growth = view.alerts.map(alert => alert.finding).find(finding => finding.exhaustionAt);
  return [
    rows.length ? h('table.plain', h('tbody', rows.map(([name, used, limit]) => h('tr', h('th', {scope: 'row'}, name), h('td', meter(used / limit, f.percent(used / limit, used / limit < 0.01 ? 3 : 1))), h('td.number', `${f.bytes(used)} of ${f.bytes(limit)}`)))))
      : empty('The host does not say its limits.'),
    growth ? h('p.note.warn', h('strong', 'Runs out '), f.moment(growth.exhaustionAt), `, ${f.ago(growth.exhaustionAt)}: ${growth.sentence}`)
      : rows.length ? h('p.quiet', 'No exhaustion in sight: no finding projects one.') : null,
    memory.percpu ? h('p.quiet', `Percpu memory ${f.bytes(memory.percpu)}.`) : null,
  ];
}
