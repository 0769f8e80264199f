// Parts of pages: tables, cards, badges, pagers, states.
import {h, replace} from './dom.js';
import * as f from './format.js';

export function card(title, ...content) {
  return h('section.card', title ? h('h2', title) : null, ...content);
}

export function figure(label, value, note) {
  return h('div.figure', h('span.label', label), h('span.value', value), note ? h('span.more', note) : null);
}

/** Words carry the state; colour and shape only repeat it. */
export function badge(kind, text = kind.toLowerCase(), title) {
  return h(`span.badge.${kind.toLowerCase()}`, {title}, text);
}

export function empty(text, hint) {
  return h('p.empty', h('strong', text), hint ? h('span', ' ', hint) : null);
}

export function failure(error, again) {
  return h('div.failure', {role: 'alert'}, h('strong', 'This could not be shown. '), error.message + '.',
    again ? h('button.small', {onclick: again}, 'Try again') : null);
}

/**
 * A table. columns: {title, key?, number?, class?, cell(row), hint?}; key makes it sortable by the server,
 * class roomy leaves it out on a phone.
 */
export function table(columns, rows, {sort, onSort, label, whenEmpty} = {}) {
  if (!rows.length) return whenEmpty ?? empty('Nothing here.');
  const head = columns.map(column => {
    const sorted = column.key && column.key === sort;
    const title = column.key && onSort
      ? h('button.sort', {onclick: () => onSort(column.key)}, column.title, sorted ? h('span', {'aria-hidden': 'true'}, ' ▾') : null)
      : column.title;
    return h('th', {scope: 'col', class: classes(column), title: column.hint, 'aria-sort': sorted ? 'descending' : null}, title);
  });
  return h('div.scroll', {tabindex: '0', role: 'region', 'aria-label': label ?? 'table'}, h('table',
    h('thead', h('tr', head)),
    h('tbody', rows.map(row => h('tr', columns.map(column =>
      h('td', {class: classes(column)}, column.cell(row))))))));
}

function classes(column) {
  return [column.number ? 'number' : '', column.class ?? ''].join(' ').trim() || null;
}

export function pager(page, limit, go) {
  if (page.total <= limit && page.offset === 0) return h('p.quiet.pager', `${f.count(page.total)} in all`);
  const last = Math.min(page.offset + limit, page.total);
  return h('nav.pager', {'aria-label': 'pages'},
    h('button.small', {disabled: page.offset === 0, onclick: () => go(Math.max(0, page.offset - limit))}, '‹ before'),
    h('span', `${f.count(page.offset + 1)}–${f.count(last)} of ${f.count(page.total)}`),
    h('button.small', {disabled: last >= page.total, onclick: () => go(page.offset + limit)}, 'next ›'));
}

export function choose(label, value, options, onChange) {
  return h('label.choose', h('span', label), h('select', {onchange: event => onChange(event.target.value)},
    options.map(([key, text]) => h('option', {value: key, selected: key === value}, text))));
}

export function ranges(context) {
  const value = context.query.get('range') ?? '1h';
  return h('div.ranges', {role: 'group', 'aria-label': 'time range'}, ['15m', '1h', '6h', '24h'].map(range =>
    h('button.small', {'aria-pressed': String(range === value), onclick: () => context.set({range})}, range)));
}

export function filterBox(context, placeholder, key = 'q') {
  let timer;
  return h('input', {
    type: 'search', placeholder, 'aria-label': placeholder, value: context.query.get(key) ?? '', 'data-keep': key,
    oninput: event => {
      clearTimeout(timer);
      const value = event.target.value;
      timer = setTimeout(() => context.set({[key]: value, offset: null}, {replace: true}), 200);
    },
  });
}

/** A share as a bar and a number. */
export function meter(share, text) {
  if (share === null || share === undefined) return h('span.quiet', 'unknown');
  const bar = h('span.meter', {'aria-hidden': 'true'}, h('span.fill', {class: share > 0.9 ? 'bad' : share > 0.7 ? 'warn' : ''}));
  bar.firstChild.style.width = `${Math.min(100, Math.max(share * 100, share > 0 ? 1 : 0))}%`;
  return h('span.metered', bar, text ?? f.percent(share, share < 0.1 ? 1 : 0));
}

/** A change in bytes: the sign carries it, colour repeats it. */
export function change(value) {
  if (value === null || value === undefined) return h('span.quiet', {title: 'not seen at the beginning of the range'}, 'new');
  return h('span.change', {class: value > 0 ? 'up' : value < 0 ? 'down' : 'same'}, f.signedBytes(value));
}

export function callerLink(caller) {
  return h('a.mono', {href: f.callerHref(caller)}, f.callerName(caller));
}

export function hostLink(host) {
  return h('a.mono', {href: f.hostHref(host.id ?? host.hostId), title: host.id ?? host.hostId}, host.hostname || '(no name)');
}

export function hostState(state) {
  const hints = {
    FINE: 'reports and can be seen into', SILENT: 'not heard of for four windows or more',
    BLIND: 'its agent runs and cannot see the areas', SKEWED: 'its clock runs ahead',
  };
  return badge(state, state.toLowerCase(), hints[state]);
}

export const KINDS = {
  JUMP: 'jump', LEAK: 'leak', CHURN: 'churn', FRAGMENTATION: 'fragmentation', HEADROOM: 'headroom',
  HOST_SILENT: 'host silent', HOST_BLIND: 'host blind', CLOCK_SKEW: 'clock skew', SNAPSHOTS_LOST: 'snapshots lost',
  PARSE_FAILURES: 'parse failures', OUTLIER_HOST: 'outlier host', FLEET_LEAK: 'fleet leak',
  ROLLOUT_REGRESSION: 'rollout regression', CALLER_RENAMED: 'caller renamed', NEW_CALLER: 'new caller', UNKNOWN: 'unknown',
};

export function alertRow(alert) {
  const finding = alert.finding;
  return h('li.alert', {class: alert.state.toLowerCase()},
    h('div.marks', badge(alert.state, alert.state.toLowerCase()), badge(`severity-${alert.severity}`, alert.severity.toLowerCase())),
    h('div.what',
      h('a', {href: `/alerts/${encodeURIComponent(alert.fingerprint)}`}, h('strong', KINDS[finding.kind] ?? finding.kind), ' ', finding.sentence),
      h('div.quiet', alert.owner ? `owner ${alert.owner} · ` : '', 'since ', f.moment(finding.since), ' · ', f.since(alert.updatedAt),
        alert.acknowledgement ? ` · in hand: ${alert.acknowledgement.by}` : '', alert.mutedBy ? ' · muted' : '', alert.flapping ? ' · flapping' : '')));
}

export function alertList(alerts, whenEmpty) {
  return alerts.length ? h('ul.alerts', alerts.map(alertRow)) : empty(whenEmpty);
}

export {h, replace};
