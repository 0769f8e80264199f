// One alert: what, since when, how it came to be, what to do.
import {h, card, figure, table, badge, hostLink, callerLink, empty, KINDS} from '../parts.js';
import {timeChart} from '../charts.js';
import {replace} from '../dom.js';
import * as api from '../api.js';
import * as f from '../format.js';

export async function show(context) {
  const alert = await context.get(`/api/alerts/${encodeURIComponent(context.parameters[0])}`);
  return () => page(context, alert);
}

function page(context, alert) {
  const {finding} = alert;
  const host = finding.hostId ? {id: finding.hostId, hostname: finding.hostname} : null;
  const caller = finding.function ? {function: finding.function, module: finding.module} : null;
  const memory = context.memory;
  memory.actions ??= h('div');
  // A form that is open stays as it is: what somebody has typed must not go with the next window.
  const inUse = memory.actions.contains(document.activeElement) || memory.actions.querySelector('details[open]');
  if (!inUse) replace(memory.actions, actions(context, alert));
  const name = `${KINDS[finding.kind] ?? finding.kind}${caller ? ` · ${f.callerName(caller)}` : ''}${host ? ` · ${host.hostname}` : ''}`;
  return [
    h('div.title', h('h1', {'data-title': name}, capital(KINDS[finding.kind] ?? finding.kind)), badge(alert.state), badge(`severity-${alert.severity}`, alert.severity.toLowerCase()),
      alert.flapping ? badge('pending', 'flapping') : null, alert.mutedBy ? badge('label', 'muted', alert.mutedBy) : null, h('span.quiet', 'seen ', f.since(alert.updatedAt))),
    h('p.sentence', finding.sentence, finding.verdict === 'GONE' ? ` It is over: ${finding.goneBecause}.` : ''),
    h('p.facts',
      host ? h('span.fact', h('span.quiet', 'host '), hostLink(host), ' ', h('a', {href: `${f.hostHref(host.id)}#map`}, 'its address-space map')) : null,
      caller ? h('span.fact', h('span.quiet', 'caller '), callerLink(caller)) : null,
      finding.purpose ? h('span.fact', h('span.quiet', 'for '), finding.purpose) : null,
      h('span.fact', h('span.quiet', 'kernel '), h('span.mono', finding.kernel.release)),
      finding.baselineKernel ? h('span.fact', h('span.quiet', 'compared with '), h('span.mono', finding.baselineKernel.release)) : null,
      finding.region ? h('span.fact', h('span.quiet', 'region '), finding.region.toLowerCase()) : null,
      h('span.fact', h('span.quiet', 'owner '), alert.owner || 'nobody yet', alert.escalation ? `, then ${alert.escalation}` : '')),
    figures(alert),
    h('div.grid.two',
      card('Evidence', evidence(finding), finding.confidence ? h('p.quiet', `The detector is ${f.percent(finding.confidence)} sure; score ${finding.evidence.score.toFixed(1)}.`) : h('p.quiet', `Score ${finding.evidence.score.toFixed(1)}.`)),
      card('What to do', runbook(finding), memory.actions)),
    finding.worstHosts.length ? card(`Worst of ${f.count(finding.hosts)} hosts`, table([
      {title: 'host', cell: hostLink},
      {title: 'memory', number: true, cell: row => f.bytes(row.bytes)},
      {title: 'grew by', number: true, cell: row => f.signedBytes(row.growthBytes)},
    ], finding.worstHosts, {label: 'worst hosts'})) : null,
    h('div.grid.two',
      card('How it came to be', alert.transitions.length ? h('ol.timeline', alert.transitions.map(change => h('li', h('div', f.moment(change.at), ' ', badge(change.to)), h('div', change.reason, change.by ? h('span.quiet', ` by ${change.by}`) : null))))
        : empty('No alert speaks of it yet.', 'It was found by a detector; the alert job decides whether anybody is told.')),
      card('Look deeper', h('p', 'In SQL:'), h('pre', sql(finding)), h('p.row', h('a', {href: `/sql?q=${encodeURIComponent(sql(finding))}`}, 'Ask it on the SQL page')),
        h('p.quiet', 'Fingerprint ', h('span.mono', alert.fingerprint)))),
    Object.keys(alert.labels).length ? card('Labels', h('p.facts', Object.entries(alert.labels).sort().map(([label, value]) => badge('label', `${label}=${value}`)))) : null,
  ];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function figures(alert) {
  const {finding} = alert;
  const {evidence: judged} = finding;
  const sized = ['JUMP', 'LEAK', 'FLEET_LEAK', 'OUTLIER_HOST', 'ROLLOUT_REGRESSION', 'HEADROOM'].includes(finding.kind);
  return h('section.figures', {'aria-label': 'key figures'},
    sized ? figure('Held when seen', f.bytes(judged.bytes), judged.baselineBytes ? `${f.bytes(judged.baselineBytes)} before` : null) : null,
    judged.bytesPerHour ? figure('Grows by', `${f.bytes(judged.bytesPerHour)} an hour`, `${f.bytes(judged.bytesPerHour * 24)} a day`) : null,
    finding.requestBytes ? figure('Request that fails', f.bytes(finding.requestBytes, 2), 'guard page included') : null,
    finding.exhaustionAt ? figure('Runs out', f.since(finding.exhaustionAt), f.moment(finding.exhaustionAt)) : null,
    figure('Since', f.moment(finding.since), f.ago(finding.since)),
    figure('Hosts', f.count(finding.hosts), finding.hostsInCohort ? `of ${f.count(finding.hostsInCohort)} compared` : null),
    figure('Fired', alert.episodes ? `${f.count(alert.episodes)} ×` : 'not yet', alert.firingSince ? ['since ', f.moment(alert.firingSince)] : null),
    figure('In hand', alert.acknowledgement ? alert.acknowledgement.by : 'nobody', alert.acknowledgement ? alert.acknowledgement.why : null));
}

function evidence(finding) {
  const {series, seriesStepMillis: step, baselineBytes, bytes} = finding.evidence;
  if (!series.length) return empty('This kind of finding carries no series.');
  const start = finding.windowEnd - (series.length - 1) * step;
  return timeChart({
    start, step, unit: 'bytes', zero: true, height: 210, label: 'Evidence',
    lines: [
      {label: 'judged', values: series, colour: '--c1', fill: true, width: 2},
      ...(baselineBytes ? [{label: 'baseline', values: series.map(() => baselineBytes), colour: '--c3', dash: [6, 4]}] : []),
    ],
    marks: [{at: finding.since, label: 'began'}, {at: finding.windowEnd, label: `seen at ${f.bytes(bytes)}`}],
  });
}

/** The beginning of the runbook; all of it is in docs/runbooks. */
const RUNBOOKS = {
  LEAK: ['Read the caller’s page: what it is for, and whether other hosts grow too.', 'On the host: sudo cat /proc/vmallocinfo | grep CALLER | wc -l, twice, a minute apart.', 'Find who asks: bpftrace, or the owner named here. A restart of the owner that frees it proves it.'],
  JUMP: ['What happened at that moment: a deployment, a module load, a larger table?', 'If the new level is meant, acknowledge it until resolved; the baseline follows.'],
  CHURN: ['Areas come and go far more often than they did. Look for a process that opens and closes in a loop.', 'TLB flushes cost every CPU: compare with perf top.'],
  FRAGMENTATION: ['Open the map: the size that fails is marked, and the largest hole.', 'Short of a reboot: unload what sits in the middle; find who allocates odd sizes for long.'],
  HEADROOM: ['See which limit: module area, vmalloc area, or net.core.bpf_jit_limit.', 'Raise net.core.bpf_jit_limit for now; then find who loads programs and does not let go.'],
  HOST_SILENT: ['Is the host up? Then systemctl status vmalloc-agent, and vmalloc-agent check.', 'Silence is not health: nothing of it was resolved.'],
  HOST_BLIND: ['The agent runs and cannot see: give it CAP_DAC_READ_SEARCH and CAP_SYSLOG, see vmalloc-agent check.'],
  CLOCK_SKEW: ['Look after the host’s time synchronisation; its windows are clamped until then.'],
  SNAPSHOTS_LOST: ['The agent’s spool was full or too old: was Kafka away? Look at the Pipeline page.'],
  PARSE_FAILURES: ['A kernel prints rows we do not know. The samples are in the snapshot: send them to us.'],
  OUTLIER_HOST: ['Compare with its cohort on the caller’s page. What runs there that runs nowhere else?'],
  FLEET_LEAK: ['Many hosts at once: a release. See the caller by kernel build and the labels the hosts share.', 'Stop the rollout before hosts run out.'],
  ROLLOUT_REGRESSION: ['The new build holds more for this caller: see both side by side on the caller’s page.', 'Hold the rollout, tell the owner of the subsystem.'],
  CALLER_RENAMED: ['No memory moved, a function got another name. Follow with dashboards and rules.'],
  NEW_CALLER: ['New code path: a new module or kernel. Nothing to do if it was meant.'],
};

function runbook(finding) {
  const steps = (RUNBOOKS[finding.kind] ?? ['There is no runbook for this kind yet.']).map(step => step.replace('CALLER', finding.function || 'CALLER'));
  return [h('ol.steps', steps.map(step => h('li', step))), h('p.quiet', 'All of it: ', h('code', `docs/runbooks/${finding.kind.toLowerCase().replaceAll('_', '-')}.md`))];
}

/** As the alert itself carries it to Alertmanager. */
function sql(finding) {
  const quoted = text => `'${String(text).replaceAll("'", "''")}'`;
  if (!finding.hostId) {
    return `SELECT window_end, hosts, areas, held_bytes, bytes_per_host_p50, bytes_per_host_p99\nFROM vmalloc_caller_windows\nWHERE caller_function = ${quoted(finding.function)} AND kernel_build = ${quoted(finding.kernel.build)}\nORDER BY window_end DESC LIMIT 60`;
  }
  if (!finding.function) return `SELECT * FROM vmalloc_host_windows\nWHERE host_id = ${quoted(finding.hostId)}\nORDER BY window_end DESC LIMIT 60`;
  return `SELECT * FROM vmalloc_callers\nWHERE host_id = ${quoted(finding.hostId)} AND caller_function = ${quoted(finding.function)}\nORDER BY taken_at DESC LIMIT 60`;
}

function actions(context, alert) {
  const user = context.session.user;
  const by = () => h('input', {name: 'by', required: true, maxlength: '200', value: user || localStorage.getItem('by') || '', disabled: Boolean(user), autocomplete: 'name'});
  const said = h('p', {role: 'status'});

  async function submit(event, call) {
    event.preventDefault();
    const form = event.target;
    const values = Object.fromEntries(new FormData(form));
    const who = user || values.by;
    if (!user) localStorage.setItem('by', who);
    form.querySelector('button').disabled = true;
    try {
      await call({...values, by: who});
      said.textContent = 'Told the alert job. It shows here as soon as the job has taken it up.';
      form.closest('details')?.removeAttribute('open');
    } catch (error) {
      said.textContent = `Not done: ${error.message}.`;
    } finally {
      form.querySelector('button').disabled = false;
    }
  }

  const path = `/api/alerts/${encodeURIComponent(alert.fingerprint)}/ack`;
  const labels = Object.entries(alert.labels).sort();
  const until = h('select', {name: 'forMinutes'}, [[60, '1 hour'], [240, '4 hours'], [1440, '1 day'], [10080, '1 week']].map(([minutes, text]) => h('option', {value: minutes}, text)));
  return h('div.row.actions',
    alert.state === 'RESOLVED' ? null : h('details', h('summary.button', alert.acknowledgement ? 'Change acknowledgement' : 'Acknowledge'),
      h('form.form', {onsubmit: event => submit(event, values => api.send('POST', path, {by: values.by, why: values.why, untilResolved: values.untilResolved === 'on'}))},
        h('label', 'who', by()), h('label', 'why', h('input', {name: 'why', required: true, maxlength: '2000', placeholder: 'looking into it, ticket 4711'})),
        h('label.check', h('input', {type: 'checkbox', name: 'untilResolved'}), 'also when it gets worse, until it is resolved'), h('button', 'Acknowledge'))),
    alert.acknowledgement ? h('details', h('summary.button', 'Withdraw'),
      h('form.form', {onsubmit: event => submit(event, values => api.send('DELETE', path, {by: values.by, why: values.why}))},
        h('label', 'who', by()), h('label', 'why', h('input', {name: 'why', required: true})), h('button', 'Withdraw'))) : null,
    labels.length ? h('details', h('summary.button', 'Mute'),
      h('form.form', {onsubmit: event => submit(event, values => api.send('POST', '/api/mutes', {
        by: values.by, why: values.why, forMinutes: Number(values.forMinutes),
        matchers: labels.filter(([label]) => values[`label-${label}`] === 'on').map(([label, value]) => ({label, value})),
      }))},
        h('fieldset', h('legend', 'mute every alert with'), labels.map(([label, value]) => h('label.check', h('input', {type: 'checkbox', name: `label-${label}`, checked: ['alertname', 'caller', 'host'].includes(label)}), h('span.mono', `${label}="${value}"`)))),
        h('label', 'for', until), h('label', 'who', by()), h('label', 'why', h('input', {name: 'why', required: true, maxlength: '2000'})), h('button', 'Mute'))) : null,
    said);
}
