// Elements from values. Text is always a text node: what a host calls itself is never markup.

/** h('a.name', {href}, 'text', child, [children]) */
export function h(selector, attributes, ...children) {
  const [tag, ...classes] = selector.split('.');
  const element = document.createElement(tag || 'div');
  if (classes.length) element.className = classes.join(' ');
  if (attributes !== null && typeof attributes === 'object' && !(attributes instanceof Node) && !Array.isArray(attributes)) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (name === 'class') element.className = [element.className, value].filter(Boolean).join(' ');
      else if (name === 'value') element.value = value;
      else if (name === 'checked') element.checked = value;
      else element.setAttribute(name, value === true ? '' : value);
    }
  } else if (attributes !== undefined) {
    children.unshift(attributes);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

export function replace(element, ...children) {
  const fresh = document.createDocumentFragment();
  append(fresh, children);
  element.replaceChildren(fresh);
}
