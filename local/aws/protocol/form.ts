/** Wire input of a query protocol as a tree; leaves are strings. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };

interface Node {
  value?: string;
  children: Map<string, Node>;
}

/**
 * Parses `A.1.B=c` (EC2 query) and `A.member.1.B=c` (AWS query) into nested objects and arrays, so
 * that a handler sees the same shape as with JSON. Numbers and booleans stay strings: the wire
 * does not say.
 */
export function parseForm(body: string): Record<string, FormValue> {
  const root: Node = { children: new Map() };
  for (const [path, value] of new URLSearchParams(body)) {
    let node = root;
    for (const part of path.split('.')) {
      const next = node.children.get(part) ?? { children: new Map<string, Node>() };
      node.children.set(part, next);
      node = next;
    }
    node.value = value;
  }
  return Object.fromEntries([...root.children].map(([key, node]) => [key, toValue(node)]));
}

function toValue(node: Node): FormValue {
  if (node.children.size === 0) return node.value ?? '';
  const keys = [...node.children.keys()];
  if (keys.every((key) => /^\d+$/.test(key))) {
    return [...node.children]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, child]) => toValue(child));
  }
  const member = node.children.get('member');
  if (keys.length === 1 && member !== undefined) return toValue(member);
  return Object.fromEntries([...node.children].map(([key, child]) => [key, toValue(child)]));
}
