// Numbers and times for people: binary units, the viewer's zone with UTC on hover.
import {h} from './dom.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

export function bytes(value, digits = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  let size = Math.abs(value);
  let unit = 0;
  while (size >= 1023.95 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  const text = unit === 0 ? String(Math.round(size)) : size.toFixed(digits).replace(/\.0+$/, '');
  return `${value < 0 ? '−' : ''}${text} ${UNITS[unit]}`;
}

export function signedBytes(value) {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  return (value > 0 ? '+' : '') + bytes(value);
}

export function count(value) {
  return value === null || value === undefined ? '–' : Math.round(value).toLocaleString('en-US');
}

export function percent(share, digits = 0) {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(digits)} %`;
}

export function duration(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) {
    const minutes = Math.floor(seconds % 3600 / 60);
    return `${Math.floor(seconds / 3600)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  const hours = Math.floor(seconds % 86400 / 3600);
  return `${Math.floor(seconds / 86400)} d${hours ? ` ${hours} h` : ''}`;
}

const time = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});
const dayTime = new Intl.DateTimeFormat(undefined, {month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false});

export function clock(millis) {
  const date = new Date(millis);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? time : dayTime).format(date);
}

export function utc(millis) {
  return new Date(millis).toISOString().replace('T', ' ').replace('.000Z', '').replace('Z', '') + ' UTC';
}

/** A moment, in the viewer's zone; UTC and how long ago on hover. */
export function moment(millis) {
  if (!millis) return '–';
  return h('time', {datetime: new Date(millis).toISOString(), title: `${utc(millis)}, ${ago(millis)}`}, clock(millis));
}

export function ago(millis) {
  const passed = Date.now() - millis;
  return passed < 0 ? `in ${duration(-passed)}` : `${duration(passed)} ago`;
}

/** How long ago, the moment on hover. */
export function since(millis) {
  if (!millis) return '–';
  return h('time', {datetime: new Date(millis).toISOString(), title: `${clock(millis)}, ${utc(millis)}`}, ago(millis));
}

export function callerName(caller) {
  return caller.module ? `${caller.function} [${caller.module}]` : caller.function;
}

export function hostHref(id) {
  return `/hosts/${encodeURIComponent(id)}`;
}

export function callerHref(caller) {
  const query = new URLSearchParams({function: caller.function});
  if (caller.module) query.set('module', caller.module);
  return `/caller?${query}`;
}
