import {h} from '../parts.js';
export async function show() { return [h('h1', 'Soon'), h('p', 'Not there yet.')]; }
