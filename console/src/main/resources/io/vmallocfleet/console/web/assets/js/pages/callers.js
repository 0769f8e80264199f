// All callers over the fleet.
import {h, table, pager, filterBox, choose, ranges, change, callerLink, empty} from '../parts.js';
import * as f from '../format.js';

const LIMIT = 50;
let families = null;

export async function show(context) {
  const query = context.query;
  const sort = query.get('sort') ?? 'BYTES';
  families ??= await context.get('/api/families');
  const page = await context.get('/api/callers', {
    q: query.get('q'), family: query.get('family'), sort, range: context.range, offset: query.get('offset'), limit: LIMIT,
  });
  return [
    h('div.title', h('h1', 'Callers'), h('div.filters',
      filterBox(context, 'function, module or purpose'),
      choose('purpose', query.get('family') ?? '', [['', 'all'], ...families.map(family => [family.slug, family.label])], family => context.set({family, offset: null}))),
    ranges(context)),
    table([
      {title: 'caller', key: 'NAME', cell: callerLink},
      {title: 'for', class: 'roomy', cell: row => h('span.quiet', row.label)},
      {title: 'memory', key: 'BYTES', number: true, cell: row => f.bytes(row.bytes)},
      {title: 'change', key: 'CHANGE', number: true, hint: `since the beginning of the last ${context.range}`, cell: row => change(row.changeBytes)},
      {title: 'areas', key: 'AREAS', number: true, cell: row => f.count(row.areas)},
      {title: 'hosts', key: 'HOSTS', number: true, cell: row => f.count(row.hosts)},
      {title: 'p50 / host', number: true, cell: row => f.bytes(row.p50)},
      {title: 'p99 / host', key: 'P99', number: true, cell: row => f.bytes(row.p99)},
      {title: 'largest', number: true, cell: row => f.bytes(row.max)},
    ], page.rows, {
      sort, onSort: key => context.set({sort: key, offset: null}), label: 'callers',
      whenEmpty: query.get('q') || query.get('family') ? empty('No caller matches.') : empty('No caller has been seen yet.'),
    }),
    pager(page, LIMIT, offset => context.set({offset})),
  ];
}
