// The address-space map: each window of kernel address space as a strip, from terabytes down to a page.
import {h, replace} from './dom.js';
import * as f from './format.js';
import {PALETTE, colour} from './charts.js';

const FLAG = {IOREMAP: 1, SPARSE: 2, VMALLOC: 4, VMAP: 8, USER: 16, DMA: 32, VPAGES: 64, VM_MAP_RAM: 128, UNPURGED: 256, LOWMEM: 512, PERCPU: 1 << 16};
const FLAG_WORDS = [[1, 'ioremap'], [2, 'sparse'], [4, 'vmalloc'], [8, 'vmap'], [16, 'user'], [32, 'dma-coherent'], [64, 'vpages'], [128, 'vm_map_ram'], [256, 'unpurged'], [512, 'lowmem']];
const HEIGHT = 76;
const OVERVIEW = 20;

/**
 * @param data the answer of /map
 * @param options {explainHole(low, high): Promise, request: bytes or null, view: text of the URL, onView(text), madeUp: addresses are}
 */
export function addressMap(data, options) {
  return new AddressMap(data, options);
}

class AddressMap {
  constructor(data, options) {
    this.data = data;
    this.options = options;
    this.families = families(data);
    this.only = null;
    this.request = options.request ?? null;
    this.strips = data.strips.length
      ? data.strips.map((strip, number) => realStrip(data, strip, number)).filter(strip => strip.count)
      : [packedStrip(data)].filter(strip => strip.count);
    this.views = this.strips.map(strip => new StripView(this, strip));
    this.info = h('div.map-info', {'aria-live': 'polite'}, this.hint());
    this.legend = h('div.legend', {role: 'group', 'aria-label': 'purposes; press one to see only it'});
    this.element = h('div.address-map', this.why(), this.requests(), this.views.map(view => view.element), this.info, this.legend);
    this.showLegend();
    this.fromUrl(options.view);
    addEventListener('themechange', () => this.draw());
  }

  hint() {
    return h('p.quiet', 'Point at an area or a hole. Drag to move, double-click or + and − to zoom, wheel when the strip has the focus, [ and ] step from one to the next.');
  }

  /** Why there is no more to see, where addresses are hidden. */
  why() {
    const text = {
      HASHED: 'This kernel shows hashes instead of addresses (kptr_restrict is 0). Equal hashes prove that two areas adjoin, so runs of adjoining areas are true; where the runs lie and how large the holes between them are is not known. Runs are drawn by size. To see all: sysctl kernel.kptr_restrict=1, and an agent with CAP_SYSLOG.',
      ZEROED: 'This kernel shows zeros instead of addresses (kptr_restrict is 2, or 1 and the agent lacks CAP_SYSLOG): sizes and callers are right, neighbours and holes are not known. Areas are drawn by purpose. To see all: sysctl kernel.kptr_restrict=1, and an agent with CAP_SYSLOG.',
      PLACEHOLDER: 'The kernel could not hash addresses yet, early in boot: sizes and callers are right, neighbours and holes are not known. The next snapshot will show more.',
      UNKNOWN: 'There is no row to draw.',
    }[this.data.addressMode];
    const omitted = this.data.omittedAreas ? h('p.note', `${f.count(this.data.omittedAreas)} areas did not fit into the snapshot and are missing here.`) : null;
    return [text ? h('p.note', text) : null, omitted];
  }

  requests() {
    if (!this.data.strips.length) return null;
    const sizes = [...new Set([64, 256, 1024, 2048, 4096, 16384].map(kib => kib * 1024).concat(this.request ?? []))].sort((a, b) => a - b);
    this.verdict = h('span');
    const select = h('select', {
      'aria-label': 'request size',
      onchange: event => {
        this.request = event.target.value ? Number(event.target.value) : null;
        this.judge();
        this.draw();
      },
    }, h('option', {value: ''}, 'any size'), sizes.map(size => h('option', {value: size, selected: size === this.request}, f.bytes(size))));
    const element = h('p.fits', h('label', 'Would a request of ', select, ' fit? '), this.verdict);
    queueMicrotask(() => this.judge());
    return element;
  }

  judge() {
    if (!this.request) {
      replace(this.verdict, h('span.quiet', 'Choose a size, guard page included, to see where it would fit.'));
      return;
    }
    replace(this.verdict, this.strips.map((strip, i) => {
      const fitting = strip.holes.filter(hole => hole.size >= this.request).length;
      return [i ? ' ' : '', fitting
        ? h('span', `${strip.name}: into ${f.count(fitting)} of ${f.count(strip.holes.length)} holes, the largest ${largestInWords(strip)}.`)
        : h('strong.bad-text', `${strip.name}: into none of ${f.count(strip.holes.length)} holes; the largest is ${largestInWords(strip)}.`)];
    }));
  }

  showLegend() {
    replace(this.legend, [...this.families.values()].sort((a, b) => b.bytes - a.bytes).map(family => {
      const swatch = h('span.swatch', {'aria-hidden': 'true', class: family.slug === 'unpurged' ? 'hatched' : ''});
      swatch.style.setProperty('--swatch', family.slug === 'unpurged' ? 'var(--unpurged)' : `var(${family.colour})`);
      return h('button.small', {
        'aria-pressed': String(this.only === family.slug), title: `${f.count(family.areas)} areas, ${f.bytes(family.bytes)} of address space`,
        onclick: () => {
          this.only = this.only === family.slug ? null : family.slug;
          this.showLegend();
          this.draw();
        },
      }, swatch, family.label, h('span.quiet', ` ${f.bytes(family.bytes)}`));
    }), h('span.keys-note', h('span.swatch.guard'), 'guard page', h('span.swatch.percpu'), 'percpu', h('span.swatch.hole'), 'hole'));
  }

  draw() {
    this.views.forEach(view => view.draw());
  }

  /** Whether somebody is at it: then it is not replaced under their hands. */
  busy() {
    return this.element.matches(':hover') || this.element.contains(document.activeElement) || this.views.some(view => view.picked);
  }

  fromUrl(text) {
    const match = /^(\w+):([0-9a-f]+)-([0-9a-f]+)$/.exec(text ?? '');
    const view = match && this.views.find(candidate => candidate.strip.name === match[1]);
    if (view) view.look(parseInt(match[2], 16) * this.data.pageSize, parseInt(match[3], 16) * this.data.pageSize, true);
  }

  toUrl(view) {
    const page = this.data.pageSize;
    const whole = view.from <= 0 && view.to >= view.strip.span;
    this.options.onView?.(whole ? null : `${view.strip.name}:${Math.floor(Math.max(0, view.from) / page).toString(16)}-${Math.ceil(view.to / page).toString(16)}`);
  }

  async tell(strip, item) {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    if (!item) {
      replace(this.info, this.hint());
      return;
    }
    replace(this.info, item.hole ? this.aboutHole(strip, item) : this.aboutArea(strip, item));
    if (item.hole && !strip.packed && this.options.explainHole) {
      await new Promise(done => setTimeout(done, 180));
      if (asked !== this.asked) return;
      try {
        const answer = await this.options.explainHole(address(strip, item.start), address(strip, item.start + item.size));
        if (asked === this.asked) replace(this.info, this.aboutHole(strip, item, answer));
      } catch (error) {
        if (asked === this.asked) replace(this.info, this.aboutHole(strip, item), h('p.quiet', `Why it is there could not be asked: ${error.message}.`));
      }
    }
  }

  aboutArea(strip, item) {
    const {data} = this;
    const i = item.index;
    const owner = data.owners[data.owner[i]];
    const flags = FLAG_WORDS.filter(([bit]) => data.flags[i] & bit).map(([, word]) => word);
    if (data.flags[i] & FLAG.PERCPU) flags.push('percpu');
    const guard = hasGuard(data, i) ? 1 : 0;
    return h('div',
      h('p', h('strong.mono', data.flags[i] & FLAG.UNPURGED ? 'freed, not yet purged' : owner.module ? `${owner.function} [${owner.module}]` : owner.function || '(no caller)'),
        ` · ${f.bytes(data.size[i], 2)}`, data.pages[i] ? ` · ${f.count(data.pages[i])} page${data.pages[i] === 1 ? '' : 's'} of memory` : ' · no memory of its own', guard ? ' and a guard page' : '', flags.length ? ` · ${flags.join(', ')}` : ''),
      h('p.quiet', `${owner.label}. `, owner.purpose && owner.purpose !== 'unknown' ? `${owner.purpose} ` : '', strip.packed ? `Run of ${f.count(item.runAreas)} adjoining area${item.runAreas === 1 ? '' : 's'}, ${f.bytes(item.runSize)}.` : where(strip, item.start, this.options.madeUp)));
  }

  aboutHole(strip, item, answer) {
    if (strip.packed) return h('p.quiet', 'Between two runs: how far they lie apart is not known.');
    const largest = strip.largestHole === item.source;
    return h('div',
      h('p', h('strong', 'Hole'), ` of ${f.bytes(item.size, 2)}`, largest ? ' · the largest of this strip' : '', this.request ? ` · ${item.size >= this.request ? 'fits' : 'too small for'} ${f.bytes(this.request)}` : '', ' · ', where(strip, item.start, this.options.madeUp)),
      answer ? h('ul.reasons', answer.reasons.map(reason => h('li', reason.bytes ? h('strong', `${f.bytes(reason.bytes, 2)}: `) : null, reason.text))) : h('p.quiet', 'Asking why…'));
  }
}

function where(strip, start, madeUp) {
  return madeUp ? `${f.bytes(start, 2)} above the strip’s first area.` : `At ${address(strip, start)}.`;
}

function address(strip, offset) {
  return `0x${(BigInt(strip.base) + BigInt(offset)).toString(16)}`;
}

function hasGuard(data, i) {
  return data.pages[i] > 0 && data.size[i] === (data.pages[i] + 1) * data.pageSize;
}

/** Purposes with a colour each for the eight largest, grey for the rest. */
function families(data) {
  const all = new Map();
  data.owner.forEach((number, i) => {
    const owner = data.owners[number];
    const family = all.get(owner.family) ?? {slug: owner.family, label: owner.label, bytes: 0, areas: 0};
    family.bytes += data.size[i];
    family.areas++;
    all.set(owner.family, family);
  });
  [...all.values()].filter(family => family.slug !== 'unpurged').sort((a, b) => b.bytes - a.bytes)
    .forEach((family, rank) => { family.colour = rank < PALETTE.length ? PALETTE[rank] : '--other'; });
  const unpurged = all.get('unpurged');
  if (unpurged) unpurged.colour = '--unpurged';
  return all;
}

function realStrip(data, strip, number) {
  const indexes = [];
  for (let i = 0; i < data.strip.length; i++) if (data.strip[i] === number) indexes.push(i);
  const starts = Float64Array.from(indexes, i => data.offset[i]);
  const sizes = Float64Array.from(indexes, i => data.size[i]);
  const result = {name: strip.name, base: strip.base, span: strip.spanBytes, count: indexes.length, indexes, starts, sizes, packed: false, holes: []};
  for (let k = 0; k + 1 < indexes.length; k++) {
    const size = starts[k + 1] - starts[k] - sizes[k];
    if (size > 0) result.holes.push({start: starts[k] + sizes[k], size, after: k});
  }
  // The middle of the window, between the lowest areas and percpu at the top, is no hole among others.
  const middle = result.holes.find(hole => !(data.flags[indexes[hole.after]] & FLAG.PERCPU) && data.flags[indexes[hole.after + 1]] & FLAG.PERCPU);
  result.middle = middle ?? null;
  result.largestHole = result.holes.filter(hole => hole !== middle).reduce((best, hole) => !best || hole.size > best.size ? hole : best, null);
  return result;
}

/** Its size in words; the empty middle of the window, when there is one, is named beside it. */
function largestInWords(strip) {
  const size = f.bytes(strip.largestHole?.size ?? 0);
  return strip.middle ? `${size} beside the empty middle of ${f.bytes(strip.middle.size)}` : size;
}

/** Runs one after the other with a little room between, where offsets are not known. */
function packedStrip(data) {
  const runs = new Map();
  for (let i = 0; i < data.run.length; i++) {
    const run = runs.get(data.run[i]) ?? {areas: [], size: 0};
    run.areas.push(i);
    run.size += data.size[i];
    runs.set(data.run[i], run);
  }
  const familyOf = run => data.owners[data.owner[run.areas[0]]].family;
  const sorted = [...runs.values()].sort(data.addressMode === 'HASHED'
    ? (a, b) => b.size - a.size
    : (a, b) => familyOf(a) < familyOf(b) ? -1 : familyOf(a) > familyOf(b) ? 1 : b.size - a.size);
  const total = sorted.reduce((sum, run) => sum + run.size, 0);
  const room = sorted.length > 1 ? Math.max(1, Math.floor(total / sorted.length / 10)) : 0;
  const indexes = [];
  const starts = [];
  const sizes = [];
  const runOf = [];
  let at = 0;
  for (const run of sorted) {
    for (const i of run.areas) {
      indexes.push(i);
      starts.push(at);
      sizes.push(data.size[i]);
      runOf.push(run);
      at += data.size[i];
    }
    at += room;
  }
  return {name: data.addressMode === 'HASHED' ? 'runs' : 'areas', base: '0x0', span: Math.max(1, at - room), count: indexes.length, indexes,
    starts: Float64Array.from(starts), sizes: Float64Array.from(sizes), runOf, runs: sorted.length, packed: true, holes: [], largestHole: null, middle: null};
}

class StripView {
  constructor(map, strip) {
    this.map = map;
    this.strip = strip;
    this.from = 0;
    this.to = strip.span;
    this.picked = null;
    this.overview = h('canvas.overview', {'aria-hidden': 'true'});
    this.canvas = h('canvas.detail', {
      tabindex: '0', role: 'application', 'data-keep': `strip-${strip.name}`,
      'aria-label': `${strip.name}: ${f.count(strip.count)} areas, ${f.count(strip.holes.length)} holes. Plus and minus zoom, arrows move, square brackets step from one to the next.`,
    });
    this.scale = h('div.scale', {'aria-hidden': 'true'});
    this.range = h('span.quiet');
    const jump = (text, title, action, enabled = true) => enabled ? h('button.small', {title, onclick: action}, text) : null;
    this.element = h('section.strip', {'aria-label': strip.name},
      h('div.strip-head', h('h3', strip.name), h('span.quiet', this.summary()), h('span.strip-buttons',
        jump('−', 'zoom out', () => this.zoom(2)), jump('+', 'zoom in', () => this.zoom(0.5)),
        jump('all', 'the whole strip', () => this.look(0, strip.span)),
        jump('low end', 'the areas below the middle of the window', () => this.look(0, strip.middle.start), Boolean(strip.middle)),
        jump('percpu', 'the chunks at the top', () => this.look(strip.middle.start + strip.middle.size, strip.span), Boolean(strip.middle)),
        jump('largest hole', 'go to it', () => this.lookAt(strip.largestHole), Boolean(strip.largestHole)))),
      this.overview, this.canvas, this.scale, this.range);
    // Beginning with the areas rather than with the emptiness above them.
    if (strip.middle && strip.middle.size > strip.span / 2) this.to = strip.middle.start;
    this.listen();
  }

  summary() {
    const {strip} = this;
    return strip.packed ? `${f.count(strip.count)} areas in ${f.count(strip.runs)} runs, ${f.bytes(strip.sizes.reduce((a, b) => a + b, 0))}`
      : `${f.bytes(strip.span)} from first to last, ${f.count(strip.count)} areas, ${f.count(strip.holes.length)} holes, the largest ${largestInWords(strip)}`;
  }

  look(from, to, quietly = false) {
    const least = this.map.data.pageSize * 4;
    const span = Math.min(Math.max(to - from, least), this.strip.span * 1.02);
    this.from = Math.max(-this.strip.span * 0.01, Math.min(from, this.strip.span * 1.01 - span));
    this.to = this.from + span;
    this.draw();
    if (!quietly) this.map.toUrl(this);
  }

  lookAt(item) {
    this.look(item.start - item.size * 0.5, item.start + item.size * 1.5);
    this.pick({hole: true, start: item.start, size: item.size, source: item});
  }

  zoom(factor, around = (this.from + this.to) / 2) {
    this.look(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  listen() {
    const {canvas} = this;
    let drag = null;
    canvas.addEventListener('pointerdown', event => {
      drag = {x: event.clientX, from: this.from, to: this.to, moved: false};
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', event => {
      if (drag) {
        const moved = event.clientX - drag.x;
        if (Math.abs(moved) > 3) drag.moved = true;
        if (drag.moved) {
          const bytes = moved / canvas.clientWidth * (drag.to - drag.from);
          this.look(drag.from - bytes, drag.to - bytes, true);
        }
        return;
      }
      this.pick(this.at(event.offsetX), true);
    });
    canvas.addEventListener('pointerup', event => {
      if (drag?.moved) this.map.toUrl(this);
      else this.pick(this.at(event.offsetX));
      drag = null;
    });
    canvas.addEventListener('pointercancel', () => { drag = null; });
    canvas.addEventListener('dblclick', event => this.zoom(0.25, this.offset(event.offsetX)));
    canvas.addEventListener('wheel', event => {
      if (document.activeElement !== canvas && !event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.offset(event.offsetX));
    }, {passive: false});
    canvas.addEventListener('keydown', event => {
      const step = (this.to - this.from) * 0.2;
      const action = {
        '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2),
        ArrowLeft: () => this.look(this.from - step, this.to - step), ArrowRight: () => this.look(this.from + step, this.to + step),
        ArrowUp: () => this.zoom(0.5), ArrowDown: () => this.zoom(2), Home: () => this.look(0, this.strip.span),
        ']': () => this.step(1), '[': () => this.step(-1),
      }[event.key];
      if (action) {
        event.preventDefault();
        action();
      }
    });
    this.overview.addEventListener('pointerdown', event => {
      const middle = event.offsetX / this.overview.clientWidth * this.strip.span;
      const half = (this.to - this.from) / 2;
      this.look(middle - half, middle + half);
    });
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  offset(x) {
    return this.from + x / this.canvas.clientWidth * (this.to - this.from);
  }

  /** The area or hole under a pixel; of several the one the pixel shows most of. */
  at(x) {
    const per = (this.to - this.from) / this.canvas.clientWidth;
    const low = this.offset(x) - per * 0.5;
    const high = low + per;
    let best = null;
    let most = 0;
    for (let k = Math.max(0, this.firstEndingAbove(low)); k < this.strip.count && this.strip.starts[k] < high; k++) {
      const shown = Math.min(high, this.strip.starts[k] + this.strip.sizes[k]) - Math.max(low, this.strip.starts[k]);
      if (shown > most) {
        most = shown;
        best = this.area(k);
      }
    }
    if (best) return best;
    const k = this.firstEndingAbove(low);
    return k > 0 && k < this.strip.count ? this.hole(k - 1) : null;
  }

  area(k) {
    const run = this.strip.runOf?.[k];
    return {hole: false, k, index: this.strip.indexes[k], start: this.strip.starts[k], size: this.strip.sizes[k], runAreas: run?.areas.length, runSize: run?.size};
  }

  hole(k) {
    const start = this.strip.starts[k] + this.strip.sizes[k];
    const size = this.strip.starts[k + 1] - start;
    return size > 0 ? {hole: true, k, start, size, source: this.strip.holes.find(hole => hole.after === k)} : null;
  }

  step(direction) {
    let item = this.picked;
    if (!item) item = this.area(Math.max(0, this.firstEndingAbove(this.from)));
    else if (direction > 0) item = item.hole ? this.area(item.k + 1) : (this.hole(item.k) && item.k + 1 < this.strip.count ? this.hole(item.k) : this.area(Math.min(this.strip.count - 1, item.k + 1)));
    else item = item.hole ? this.area(item.k) : item.k > 0 ? this.hole(item.k - 1) ?? this.area(item.k - 1) : item;
    if (item.start < this.from || item.start + item.size > this.to) {
      const span = Math.max(this.to - this.from, item.size * 1.5);
      this.look(item.start + item.size / 2 - span / 2, item.start + item.size / 2 + span / 2);
    }
    this.pick(item);
  }

  pick(item, hovering = false) {
    const same = item && this.picked && item.start === this.picked.start && item.hole === this.picked.hole;
    if (same && hovering) return;
    this.picked = item;
    this.draw();
    this.map.tell(this.strip, item);
  }

  /** First area whose end lies above an offset: areas are in order. */
  firstEndingAbove(offset) {
    let low = 0;
    let high = this.strip.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.strip.starts[middle] + this.strip.sizes[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    const ratio = devicePixelRatio || 1;
    const colours = new Map([...this.map.families.values()].map(family => [family.slug, colour(family.colour)]));
    this.paint(this.overview, width, OVERVIEW, ratio, 0, this.strip.span, colours, true);
    this.paint(this.canvas, width, HEIGHT, ratio, this.from, this.to, colours, false);
    this.labels(width);
  }

  paint(canvas, width, height, ratio, from, to, colours, overview) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    const ctx = canvas.getContext('2d');
    ctx.scale(ratio, ratio);
    ctx.fillStyle = colour('--hole');
    ctx.fillRect(0, 0, width, height);
    const {strip, map: {data, only, request}} = this;
    const per = (to - from) / width;
    const unpurged = hatch(ctx, colour('--unpurged'), colour('--hole'));
    const x = offset => (offset - from) / per;
    const family = k => data.owners[data.owner[strip.indexes[k]]].family;
    const dim = slug => only && only !== slug;
    const top = overview ? 2 : 8;
    const tall = height - (overview ? 4 : 16);
    if (request && !overview && !strip.packed) {
      ctx.fillStyle = colour('--fits');
      for (const hole of strip.holes) {
        if (hole.size >= request && hole.start < to && hole.start + hole.size > from) ctx.fillRect(x(hole.start), top, Math.max(1, hole.size / per), tall);
      }
    }
    let k = this.firstEndingAbove(from);
    while (k < strip.count && strip.starts[k] < to) {
      const left = x(strip.starts[k]);
      const wide = strip.sizes[k] / per;
      if (wide >= 1.5) {
        const i = strip.indexes[k];
        const slug = family(k);
        ctx.globalAlpha = dim(slug) ? 0.15 : 1;
        ctx.fillStyle = data.flags[i] & FLAG.UNPURGED ? unpurged : colours.get(slug);
        const gap = wide > 4 ? 0.5 : 0;
        ctx.fillRect(left, top, Math.max(1, wide - gap), tall);
        if (!overview) this.details(ctx, i, left, wide, top, tall, per);
        k++;
      } else {
        // Several to a pixel: the purpose with most bytes, as opaque as the pixel is full.
        const pixel = Math.floor(left);
        const end = from + (pixel + 1) * per;
        const sums = new Map();
        let full = 0;
        while (k < strip.count && strip.starts[k] < end && strip.sizes[k] / per < 1.5) {
          const slug = family(k);
          if (!dim(slug)) sums.set(slug, (sums.get(slug) ?? 0) + strip.sizes[k]);
          full += dim(slug) ? 0 : strip.sizes[k];
          k++;
        }
        let best = null;
        for (const [slug, sum] of sums) if (best === null || sum > sums.get(best)) best = slug;
        if (best !== null) {
          ctx.globalAlpha = Math.max(0.35, Math.min(1, full / per));
          ctx.fillStyle = colours.get(best);
          ctx.fillRect(pixel, top, 1, tall);
        }
      }
    }
    ctx.globalAlpha = 1;
    if (overview) this.bracket(ctx, x(this.from), x(this.to), height);
    else this.marks(ctx, x, per, width, height);
  }

  details(ctx, i, left, wide, top, tall, per) {
    const {data} = this.map;
    const guard = data.pageSize / per;
    if (hasGuard(data, i) && guard >= 1.5) {
      ctx.fillStyle = colour('--guard');
      ctx.fillRect(left + wide - guard, top, guard - (wide > 4 ? 0.5 : 0), tall);
    }
    if (data.flags[i] & FLAG.PERCPU) {
      ctx.fillStyle = colour('--ink');
      ctx.fillRect(left, top, Math.max(1, wide), 3);
    }
    if (wide > 70) {
      const owner = data.owners[data.owner[i]];
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, wide - Math.max(guard, 2), tall);
      ctx.clip();
      ctx.font = '11px ui-monospace, monospace';
      ctx.fillStyle = data.flags[i] & FLAG.UNPURGED ? colour('--ink') : colour('--on-area');
      ctx.fillText(data.flags[i] & FLAG.UNPURGED ? 'unpurged' : owner.function, left + 5, top + tall / 2 - 2);
      ctx.fillText(f.bytes(data.size[i]), left + 5, top + tall / 2 + 12);
      ctx.restore();
    }
  }

  marks(ctx, x, per, width, height) {
    const {strip} = this;
    const largest = strip.largestHole;
    if (largest && largest.start < this.to && largest.start + largest.size > this.from) {
      const left = Math.max(0, x(largest.start));
      const right = Math.min(width, x(largest.start + largest.size));
      ctx.strokeStyle = colour('--ink');
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(left + 0.5, height - 8);
      ctx.lineTo(left + 0.5, height - 3.5);
      ctx.lineTo(Math.max(left + 3, right) - 0.5, height - 3.5);
      ctx.lineTo(Math.max(left + 3, right) - 0.5, height - 8);
      ctx.stroke();
      if (right - left > 110) {
        ctx.fillStyle = colour('--ink');
        ctx.font = '11px system-ui, sans-serif';
        ctx.fillText(`largest hole ${f.bytes(largest.size)}`, left + 6, height / 2 + 4);
      }
    }
    if (this.picked) {
      const left = x(this.picked.start);
      ctx.strokeStyle = colour('--focus');
      ctx.lineWidth = 2;
      ctx.strokeRect(left, 5, Math.max(3, this.picked.size / per), height - 10);
    }
  }

  bracket(ctx, left, right, height) {
    ctx.fillStyle = colour('--veil');
    const width = this.overview.clientWidth;
    ctx.fillRect(0, 0, Math.max(0, left), height);
    ctx.fillRect(right, 0, Math.max(0, width - right), height);
    ctx.strokeStyle = colour('--focus');
    ctx.lineWidth = 1.5;
    ctx.strokeRect(Math.max(0.75, left), 0.75, Math.max(3, Math.min(width, right) - Math.max(0, left) - 1.5), height - 1.5);
  }

  labels(width) {
    const ticks = Math.max(2, Math.floor(width / 130));
    const span = this.to - this.from;
    const digits = span < 1 << 20 ? 2 : 1;
    replace(this.scale, Array.from({length: ticks + 1}, (_, i) => {
      const label = h('span', this.strip.packed && i ? '' : f.bytes(Math.max(0, Math.round(this.from + span * i / ticks)), digits));
      label.style.left = `${i / ticks * 100}%`;
      return label;
    }));
    this.range.textContent = this.strip.packed ? `${f.bytes(span)} of areas shown` : `${f.bytes(span)} shown, 1 pixel is ${f.bytes(span / width)}`;
  }
}

function hatch(ctx, ink, paper) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const brush = tile.getContext('2d');
  brush.fillStyle = paper;
  brush.fillRect(0, 0, 6, 6);
  brush.strokeStyle = ink;
  brush.lineWidth = 1.4;
  brush.beginPath();
  brush.moveTo(-1, 7);
  brush.lineTo(7, -1);
  brush.stroke();
  return ctx.createPattern(tile, 'repeat');
}
