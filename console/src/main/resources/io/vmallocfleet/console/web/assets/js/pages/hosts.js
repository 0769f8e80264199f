// All hosts: filtered, sorted and paged by the server.
import {h, table, pager, filterBox, choose, change, hostLink, hostState, meter, empty} from '../parts.js';
import * as f from '../format.js';

const LIMIT = 50;

export async function show(context) {
  const query = context.query;
  const sort = query.get('sort') ?? 'BYTES';
  const page = await context.get('/api/hosts', {
    q: query.get('q'), state: query.get('state'), kernel: query.get('kernel'), sort, offset: query.get('offset'), limit: LIMIT,
  });
  const filtered = query.get('q') || query.get('state') || query.get('kernel');
  return [
    h('div.title', h('h1', 'Hosts'), h('div.filters',
      filterBox(context, 'name, id, label or kernel'),
      choose('state', query.get('state') ?? '', [['', 'all'], ['FINE', 'fine'], ['SILENT', 'silent'], ['BLIND', 'blind'], ['SKEWED', 'skewed']],
        state => context.set({state, offset: null})),
      choose('by', sort, [['BYTES', 'memory'], ['CHANGE', 'change'], ['AREAS', 'areas'], ['UNPURGED', 'unpurged'], ['HOLE', 'smallest largest hole'],
        ['UNUSABLE', 'fragmentation'], ['HEADROOM', 'headroom used'], ['SEEN', 'longest not seen'], ['LOST', 'lost snapshots'], ['SPOOL', 'fullest spool'], ['NAME', 'name']],
        value => context.set({sort: value, offset: null})),
      query.get('kernel') ? h('button.small', {onclick: () => context.set({kernel: null, offset: null})}, `kernel ${query.get('kernel')} ✕`) : null)),
    table([
      {title: 'host', key: 'NAME', cell: hostLink},
      {title: 'state', cell: row => hostState(row.state)},
      {title: 'memory', key: 'BYTES', number: true, cell: row => f.bytes(row.bytes)},
      {title: 'change', key: 'CHANGE', number: true, hint: 'over the last 40 windows', cell: row => change(row.changeBytes)},
      {title: 'areas', key: 'AREAS', number: true, cell: row => f.count(row.areas)},
      {title: 'address space', number: true, cell: row => f.bytes(row.mappedBytes)},
      {title: 'unpurged', key: 'UNPURGED', number: true, cell: row => f.bytes(row.unpurgedBytes)},
      {title: 'largest hole', key: 'HOLE', number: true, cell: row => row.largestHoleBytes === null ? h('span.quiet', {title: `addresses are ${row.addressMode.toLowerCase()}`}, 'unknown') : f.bytes(row.largestHoleBytes)},
      {title: 'headroom used', key: 'HEADROOM', cell: row => meter(row.headroomUsed)},
      {title: 'kernel', cell: row => h('span.mono', {title: `${row.kernelBuild} ${row.architecture}`}, row.kernelRelease)},
      {title: 'seen', key: 'SEEN', number: true, cell: row => f.since(row.takenAt)},
    ], page.rows, {
      sort, onSort: key => context.set({sort: key, offset: null}), label: 'hosts',
      whenEmpty: filtered ? empty('No host matches.', 'Change the filter or the state.') : empty('No host has been heard of yet.'),
    }),
    pager(page, LIMIT, offset => context.set({offset})),
  ];
}
