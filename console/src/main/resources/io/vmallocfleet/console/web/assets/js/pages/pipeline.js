// How the pipeline itself does: topics, lag, jobs, dead letters, what waits on hosts and what was lost, the console.
import {h, card, figure, table, badge, hostLink, empty, meter, ranges} from '../parts.js';
import {timeChart} from '../charts.js';
import * as f from '../format.js';

const REASONS = {
  UNDECODABLE: 'not a record of ours, cut short or corrupt', UNKNOWN_SCHEMA: 'written by a release this one does not know', LATE: 'came after its window was closed', INVALID_RULE: 'a rule that cannot be taken',
};

export async function show(context) {
  const view = await context.get('/api/pipeline', {range: context.range});
  const {pipeline, feed, delivery, deadLetters, size} = view;
  const snapshots = pipeline.topics.find(topic => topic.name === 'vmalloc.snapshots');
  const letters = Object.values(deadLetters.byReason).reduce((sum, n) => sum + n, 0);
  return [
    h('div.title', h('h1', 'Pipeline'), h('span.quiet', pipeline.at ? ['looked ', f.since(pipeline.at)] : 'looking…'), pipeline.flinkUrl ? h('a', {href: pipeline.flinkUrl, target: '_blank', rel: 'noopener noreferrer'}, 'Flink’s own UI ↗') : null, ranges(context)),
    pipeline.trouble ? h('p.note.warn', `${pipeline.trouble}. Below is what was seen before.`) : null,
    h('section.figures', {'aria-label': 'key figures'},
      figure('Snapshots', snapshots?.perSecond === null || !snapshots ? '–' : `${rate(snapshots.perSecond)}`, 'a second'),
      figure('Lag', lag(pipeline.groups), 'snapshots behind'),
      figure('Dead letters', f.count(letters), Object.entries(deadLetters.byReason).map(([reason, n]) => `${f.count(n)} ${reason.toLowerCase()}`).join(', ') || 'none seen'),
      delivery.hostsTelling
        ? figure('Waiting on hosts', f.count(delivery.snapshotsWaiting), delivery.hostsWaiting ? `snapshots, ${f.bytes(delivery.bytesWaiting)} on ${hosts(delivery.hostsWaiting)}` : 'snapshots, every spool is empty')
        : figure('Waiting on hosts', 'unknown', 'no agent tells of a spool'),
      figure('Lost', f.count(delivery.lostSnapshots), delivery.hostsLosing ? `snapshots of ${hosts(delivery.hostsLosing)}, last window` : 'snapshots in the last window'),
      figure('Console', feed.phase.toLowerCase(), `${f.count(feed.records)} records read, ${f.count(feed.unreadable)} unreadable`)),
    h('div.grid.two',
      card('Jobs', ...(pipeline.flinkUrl ? (pipeline.flinkTrouble ? [h('p.note.warn', pipeline.flinkTrouble)] : [table([
        {title: 'job', cell: job => h('a.name', {title: job.name, href: `${pipeline.flinkUrl}/#/job/running/${encodeURIComponent(job.id)}/overview`, target: '_blank', rel: 'noopener noreferrer'}, job.name)},
        {title: 'state', cell: job => badge(job.state === 'RUNNING' ? 'fine' : isOver(job) ? 'label' : 'firing', job.state.toLowerCase())},
        {title: 'for', number: true, cell: job => f.duration(job.durationMillis)},
      ], shown(pipeline.jobs), {label: 'jobs', whenEmpty: empty('Flink runs no job.')}), more(pipeline.jobs)]) : [empty('Flink’s address is not known.', 'Start the console with --flink URL.')]),
      h('h3', 'Their place in what they read'), table([
        {title: 'group', cell: group => h('span.mono', group.name)},
        {title: 'reads', cell: group => h('span.mono', group.topic)},
        {title: 'behind', number: true, cell: group => group.lag === null ? h('span.quiet', {title: group.note}, group.note || 'unknown') : f.count(group.lag)},
      ], pipeline.groups, {label: 'consumer groups'})),
      card('Topics', table([
        {title: 'topic', cell: topic => h('span.mono', topic.name)},
        {title: 'partitions', number: true, cell: topic => topic.missing ? h('span.badge.silent', 'missing') : f.count(topic.partitions)},
        {title: 'records', number: true, cell: topic => f.count(topic.records)},
        {title: 'a second', number: true, cell: topic => rate(topic.perSecond)},
      ], pipeline.topics, {label: 'topics', whenEmpty: empty('Kafka has not answered yet.')}))),
    card('Dead letters', h('p.quiet', 'Records the pipeline could not use. Nothing is thrown away: the bytes are here and in vmalloc.dead-letters.'), table([
      {title: 'arrived', cell: letter => f.moment(letter.appendedAt)},
      {title: 'why', cell: letter => h('span', {title: REASONS[letter.reason]}, badge('pending', letter.reason.toLowerCase().replaceAll('_', ' ')))},
      {title: 'from', cell: letter => h('span.mono', `${letter.topic} ${letter.partition}@${letter.offset}`)},
      {title: 'what exactly', class: 'wrap', cell: letter => letter.detail},
      {title: 'bytes', class: 'wrap', cell: letter => letter.payloadBytes === null ? h('span.quiet', 'readable at its offset') : h('details', h('summary', f.bytes(letter.payloadBytes)), h('code.hex', letter.payloadHex, letter.payloadBytes > 512 ? '…' : ''))},
    ], deadLetters.newest, {label: 'dead letters', whenEmpty: empty('None.', 'Every record could be used.')})),
    h('div.grid.two',
      card('Fullest spools', h('p.quiet', 'What waited on a host for the broker when its last snapshot was taken. At its bound an agent drops the oldest. ',
        `${f.count(delivery.hostsTelling)} of ${f.count(size.hosts)} agents tell.`), table([
        {title: 'host', cell: hostLink},
        {title: 'of its bound', cell: row => meter(row.spool.bytes / row.spool.maxBytes)},
        {title: 'waiting', number: true, cell: row => f.count(row.spool.snapshots)},
        {title: 'bytes', number: true, cell: row => h('span', {title: `bound ${f.bytes(row.spool.maxBytes)}`}, f.bytes(row.spool.bytes))},
        {title: 'seen', number: true, cell: row => f.since(row.takenAt)},
      ], delivery.fullest, {label: 'hosts with the fullest spools', whenEmpty: delivery.hostsTelling ? empty('Nothing waits.', 'Every agent that tells delivers at once.')
        : empty('Not known.', 'Simulated hosts and the agent inside "up" have no spool; agents of before this release do not tell.')})),
      card('What was lost', h('p.quiet', 'Snapshots whose numbers never arrived, those a full spool had to drop included.'), table([
        {title: 'host', cell: hostLink},
        {title: 'lost', number: true, cell: row => f.count(row.lostSnapshots)},
        {title: 'unread lines', number: true, cell: row => f.count(row.malformedLines)},
        {title: 'seen', number: true, cell: row => f.since(row.takenAt)},
      ], delivery.lossy, {label: 'hosts that lost snapshots', whenEmpty: empty('Nothing was lost in the last windows.')}))),
    h('div.grid.two',
      card('Waiting and lost over time', delivery.series.columns.waiting ? [timeChart({start: delivery.series.startMillis, step: delivery.series.stepMillis, unit: 'count', zero: true, label: 'Snapshots', lines: [
        {label: 'waiting', values: delivery.series.columns.waiting, colour: '--c1', fill: true},
        {label: 'lost', values: delivery.series.columns.lost, colour: '--c2'}]}),
      h('p.quiet', `${f.count(delivery.series.columns.lost.reduce((sum, n) => sum + n, 0))} lost in this range. Windows of an outage come in when the hosts have caught up.`)] : empty('The first two windows make a line.')),
      card('The console itself', h('table.plain', h('tbody',
        row('hosts known', f.count(size.hosts)), row('callers known', size.callersRefused ? `${f.count(size.callers)}, ${f.count(size.callersRefused)} windows of more refused` : f.count(size.callers)), row('kernel builds', f.count(size.cohorts)),
        row('heap', meter(view.heapBytes / view.heapLimitBytes, `${f.bytes(view.heapBytes)} of ${f.bytes(view.heapLimitBytes)}`)),
        row('last record', f.since(feed.lastRecordAt)), feed.missing.length ? row('missing topics', feed.missing.join(', ')) : null,
        feed.lastUnreadable ? row('last unreadable', feed.lastUnreadable) : null, row('API', h('a', {href: '/openapi.yaml'}, 'openapi.yaml')))))),
  ];
}

/** Every question in SQL is a job too: those that are over must not hide the ones that run. */
function shown(jobs) {
  return [...jobs.filter(job => !isOver(job)), ...jobs.filter(isOver).slice(0, 3)];
}

function more(jobs) {
  const hidden = jobs.filter(isOver).length - 3;
  return hidden > 0 ? h('p.quiet', `and ${f.count(hidden)} more that are over`) : null;
}

function isOver(job) {
  return job.state === 'FINISHED' || job.state === 'CANCELED';
}

function hosts(number) {
  return number === 1 ? '1 host' : `${f.count(number)} hosts`;
}

function row(name, value) {
  return h('tr', h('th', {scope: 'row'}, name), h('td.wrap', value));
}

function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) return '–';
  return perSecond < 10 ? perSecond.toFixed(1) : f.count(perSecond);
}

function lag(groups) {
  const group = groups.find(candidate => candidate.name === 'fleet-analytics');
  return group?.lag === null || !group ? 'unknown' : f.count(group.lag);
}
