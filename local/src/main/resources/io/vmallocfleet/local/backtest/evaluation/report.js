
'use strict';
// Under the pointer: the time in UTC and what each line showed last. Text only, never markup.
const bytes = n => {
  let unit = 0;
  while (Math.abs(n) >= 1023.95 && unit < 6) { n /= 1024; unit++; }
  return unit === 0 ? n + ' B' : n.toFixed(1) + ' ' + 'KMGTPE'[unit - 1] + 'iB';
};
for (const chart of document.querySelectorAll('.chart')) {
  const svg = chart.querySelector('svg');
  const tip = chart.querySelector('.tip');
  const cursor = svg.querySelector('.cursor');
  const from = +svg.dataset.from, to = +svg.dataset.to;
  const lines = [...svg.querySelectorAll('path')].map(path => ({
    name: path.dataset.name,
    points: path.dataset.points.split(' ').map(p => p.split(',').map(Number))
  }));
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect();
    const x = Math.min(848, Math.max(74, (event.clientX - box.left) / box.width * 860));
    const at = from + (x - 74) / 774 * (to - from);
    const rows = [new Date(at).toISOString().slice(0, 16).replace('T', ' ') + ' UTC'];
    for (const line of lines) {
      const past = line.points.filter(p => p[0] <= at);
      if (past.length > 0) rows.push(bytes(past[past.length - 1][1]) + '  ' + line.name);
    }
    tip.textContent = rows.join('\n');
    tip.style.display = 'block';
    const left = x / 860 * box.width;
    tip.style.left = (left > box.width / 2 ? left - tip.offsetWidth - 10 : left + 10) + 'px';
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    cursor.style.visibility = 'visible';
  });
  svg.addEventListener('pointerleave', () => {
    tip.style.display = 'none';
    cursor.style.visibility = 'hidden';
  });
}
