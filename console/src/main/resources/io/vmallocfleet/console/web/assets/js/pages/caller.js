// One caller over the fleet: what it is, how it grows, on which hosts, in which kernel builds.
import {h, card, figure, table, ranges, change, hostLink, alertList, empty} from '../parts.js';
import {timeChart, PALETTE} from '../charts.js';
import * as f from '../format.js';

export async function show(context) {
  const name = {function: context.query.get('function') ?? '', module: context.query.get('module') ?? ''};
  const caller = await context.get('/api/caller', {...name, range: context.range});
  const {now, meaning, series, kernels} = caller;
  const columns = series.columns;
  const line = (label, values, colour, more) => ({label, values, colour, ...more});
  const current = kernels.filter(kernel => kernel.current);
  const renamed = caller.alerts.filter(alert => alert.finding.kind === 'CALLER_RENAMED');
  const churn = caller.alerts.filter(alert => alert.finding.kind === 'CHURN');
  return [
    h('div.title', h('h1.mono', f.callerName(now)), ranges(context)),
    h('div.meaning', h('p', h('strong', meaning.family.label), '. ', meaning.known ? `${meaning.purpose} ` : 'The table does not know this caller. ',
      meaning.family.meaning), h('p.quiet', meaning.known ? `Grows with: ${meaning.growth}. When it keeps growing: ${lower(meaning.growthUsuallyMeans)}` : `${meaning.family.label}: ${meaning.family.growing}`,
      meaning.known && meaning.subsystem ? ` Subsystem: ${meaning.subsystem}.` : '')),
    h('section.figures', {'aria-label': 'key figures'},
      figure('Memory on all hosts', f.bytes(now.bytes), change(now.changeBytes)),
      figure('Areas', f.count(now.areas), now.areas ? `${f.bytes(now.bytes / now.areas)} each` : null),
      figure('Hosts', f.count(now.hosts), `${current.length} kernel build${current.length === 1 ? '' : 's'}`),
      figure('Median host', f.bytes(now.p50), `p99 ${f.bytes(now.p99)}`),
      figure('Worst host', f.bytes(now.max), caller.worstHosts[0] ? hostLink(caller.worstHosts[0]) : null)),
    caller.alerts.length ? card('Alerts about it', alertList(caller.alerts, '')) : null,
    h('div.grid.two',
      card('Memory over the fleet', columns.bytes ? timeChart({start: series.startMillis, step: series.stepMillis, unit: 'bytes', label: 'Memory over the fleet',
        lines: [line('memory', columns.bytes, '--c1', {fill: true})]}) : empty('No window yet.')),
      card('Memory per host', columns.p50 ? timeChart({start: series.startMillis, step: series.stepMillis, unit: 'bytes', zero: true, label: 'Memory per host',
        lines: [line('largest', columns.max, '--c4', {dash: [3, 3], width: 1}), line('p99', columns.p99, '--c2'), line('p90', columns.p90, '--c3'), line('median', columns.p50, '--c1', {width: 2})],
        bands: [[1, 2, '--c2'], [2, 3, '--c3']]}) : empty('No window yet.'))),
    h('div.grid.two',
      card('Worst hosts', table([
        {title: 'host', cell: row => hostLink(row)},
        {title: 'memory', number: true, cell: row => f.bytes(row.bytes)},
        {title: 'areas', number: true, cell: row => f.count(row.areas)},
        {title: '× median', number: true, cell: row => now.p50 ? `${(row.bytes / now.p50).toFixed(row.bytes / now.p50 < 10 ? 1 : 0)}` : '–'},
        {title: 'kernel', cell: row => h('span.mono', row.kernel)},
      ], caller.worstHosts, {label: 'worst hosts'})),
      card('Hosts that show it, and areas', columns.hosts ? timeChart({start: series.startMillis, step: series.stepMillis, unit: 'count', label: 'Hosts and areas', height: 150,
        lines: [line('areas', columns.areas, '--c2'), line('hosts', columns.hosts, '--c3')]}) : empty('No window yet.'),
        h('p.quiet', renamed.length ? 'A rename was found, see its alerts. ' : 'No rename found. ', churn.length ? 'Churn was found, see its alerts.' : 'No unusual churn found.'))),
    card('By kernel build', kernels.length > 1 ? timeChart({
      start: kernels[0].series.startMillis, step: kernels[0].series.stepMillis, unit: 'bytes', zero: true, label: 'Median bytes per host by kernel build', height: 160,
      lines: kernels.slice(0, 8).map((kernel, i) => line(kernel.release, kernel.series.columns.p50, PALETTE[i]))}) : null,
    table([
      {title: 'release', cell: row => h('span.mono', {title: row.architecture}, row.release)},
      {title: 'build', class: 'roomy', cell: row => h('span.quiet', row.build)},
      {title: 'hosts', number: true, cell: row => f.count(row.hosts)},
      {title: 'memory / host', number: true, cell: row => f.bytes(row.hosts ? row.bytes / row.hosts : 0)},
      {title: 'min', number: true, cell: row => f.bytes(row.quantiles[0])},
      {title: 'p50', number: true, cell: row => f.bytes(row.quantiles[1])},
      {title: 'p90', number: true, cell: row => f.bytes(row.quantiles[2])},
      {title: 'p99', number: true, cell: row => f.bytes(row.quantiles[3])},
      {title: 'max', number: true, cell: row => f.bytes(row.quantiles[4])},
      {title: '', cell: row => row.current ? '' : h('span.quiet', 'no longer seen')},
    ], kernels, {label: 'by kernel build'})),
  ];
}

function lower(text) {
  return /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
