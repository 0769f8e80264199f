// All alerts, and findings nobody routes: filtered by the server.
import {h, card, table, pager, filterBox, choose, alertList, badge, KINDS} from '../parts.js';
import * as f from '../format.js';

const LIMIT = 50;
const STATES = ['FIRING', 'PENDING', 'FOUND', 'ACKNOWLEDGED', 'RESOLVED'];
const MEANING = {
  FIRING: 'somebody is told', PENDING: 'seen, not yet for long enough', FOUND: 'a detector sees it, and no alert speaks of it',
  ACKNOWLEDGED: 'somebody has it in hand', RESOLVED: 'over',
};

export async function show(context) {
  const query = context.query;
  const [answer, rules] = await Promise.all([
    context.get('/api/alerts', {
      state: query.get('state'), kind: query.get('kind'), severity: query.get('severity'), owner: query.get('owner'), q: query.get('q'), offset: query.get('offset'), limit: LIMIT,
    }),
    context.get('/api/rules'),
  ]);
  const chosen = query.get('state') ?? '';
  const any = Object.values(answer.byState).reduce((sum, n) => sum + n, 0);
  const mutes = rules.filter(rule => rule.kind === 'MUTE');
  return [
    h('div.title', h('h1', 'Alerts'), h('div.row', {role: 'group', 'aria-label': 'state'},
      [['', `all ${f.count(any)}`], ...STATES.map(state => [state, `${state.toLowerCase()} ${f.count(answer.byState[state] ?? 0)}`])].map(([state, text]) =>
        h('button.small', {'aria-pressed': String(chosen === state), title: MEANING[state], onclick: () => context.set({state, offset: null})}, text)))),
    h('div.filters', filterBox(context, 'sentence, host, caller or owner'),
      choose('kind', query.get('kind') ?? '', [['', 'all'], ...(answer.choices.kinds ?? []).map(kind => [kind, KINDS[kind] ?? kind])], kind => context.set({kind, offset: null})),
      choose('severity', query.get('severity') ?? '', [['', 'all'], ['PAGE', 'page'], ['TICKET', 'ticket'], ['INFO', 'info']], severity => context.set({severity, offset: null})),
      choose('owner', query.get('owner') ?? '', [['', 'all'], ...(answer.choices.owners ?? []).map(owner => [owner, owner])], owner => context.set({owner, offset: null}))),
    card('', alertList(answer.page.rows, any ? 'No alert matches these filters.' : 'Nothing has been found wrong. A leak needs about ten windows to be believed.')),
    pager(answer.page, LIMIT, offset => context.set({offset})),
    mutes.length ? card('Mutes in force', table([
      {title: 'matches', cell: rule => h('span.mono', rule.matchers.join(' '))},
      {title: 'until', cell: rule => rule.until ? f.moment(rule.until) : 'for good'},
      {title: 'by', cell: rule => rule.by},
      {title: 'why', cell: rule => rule.why},
    ], mutes, {label: 'mutes'})) : null,
    h('p.quiet', badge('FOUND', 'found'), ' is a finding that the alert job has not taken up: it may be below what the rules let through, or the job is not running.'),
  ];
}
