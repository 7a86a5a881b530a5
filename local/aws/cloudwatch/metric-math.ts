/** Values by epoch seconds. */
export type Series = ReadonlyMap<number, number>;

/**
 * Simple metric math: numbers, ids, `+ - * /`, parentheses, `FILL(x, number|REPEAT)`, and
 * `SUM|AVG|MIN|MAX` of `METRICS()`, `[a, b]` or one series.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'operation';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

type Value = number | Series | readonly Series[];

/** Parses an expression; throws an `Error` that says what is not supported. */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|\S/g) ?? [];
  let position = 0;
  const peek = (): string => tokens[position] ?? '';
  const take = (expected?: string): string => {
    const token = tokens[position++] ?? 'end of expression';
    if (expected !== undefined && token !== expected) {
      throw new Error(`expected ${expected}, found ${token}`);
    }
    return token;
  };
  const list = (close: string): Expression[] => {
    const items: Expression[] = [];
    while (peek() !== close) {
      items.push(sum());
      if (peek() !== close) take(',');
    }
    take(close);
    return items;
  };
  const operand = (): Expression => {
    const token = take();
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token === '(') {
      const inner = sum();
      take(')');
      return inner;
    }
    if (token === '[') return { kind: 'list', items: list(']') };
    if (token === '-') {
      return {
        kind: 'operation',
        operator: '-',
        left: { kind: 'number', value: 0 },
        right: operand(),
      };
    }
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`unexpected ${token}`);
    if (peek() !== '(') return { kind: 'id', id: token };
    take('(');
    const args = list(')');
    if (token === 'METRICS' && args.length === 0) return { kind: 'metrics' };
    if (!['FILL', 'SUM', 'AVG', 'MIN', 'MAX'].includes(token)) {
      throw new Error(`the function ${token} is not supported here`);
    }
    return { kind: 'call', name: token, args };
  };
  const chain = (operators: readonly string[], next: () => Expression) => (): Expression => {
    let left = next();
    while (operators.includes(peek())) {
      left = { kind: 'operation', operator: take(), left, right: next() };
    }
    return left;
  };
  const product = chain(['*', '/'], operand);
  const sum: () => Expression = chain(['+', '-'], product);
  const parsed = sum();
  if (position < tokens.length) throw new Error(`unexpected ${peek()}`);
  return parsed;
}

/**
 * Value of an expression over the series known so far. A missing id counts as a series without
 * data.
 */
export function evaluate(expression: Expression, known: ReadonlyMap<string, Series>): Series {
  const times = [...new Set([...known.values()].flatMap((series) => [...series.keys()]))].sort(
    (a, b) => a - b,
  );
  return one(valueOf(expression, known, times), times);
}

function valueOf(
  expression: Expression,
  known: ReadonlyMap<string, Series>,
  times: readonly number[],
): Value {
  const inner = (e: Expression): Value => valueOf(e, known, times);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return known.get(expression.id) ?? new Map();
    case 'metrics':
      return [...known.values()];
    case 'list':
      return expression.items.map((item) => one(inner(item), times));
    case 'operation':
      return combine(expression.operator, inner(expression.left), inner(expression.right), times);
    case 'call':
      return call(expression.name, expression.args, inner, times);
  }
}

function call(
  name: string,
  args: readonly Expression[],
  inner: (e: Expression) => Value,
  times: readonly number[],
): Value {
  const [first, second] = args;
  if (first === undefined) return new Map<number, number>();
  const value = inner(first);
  if (name === 'FILL') {
    const series = one(value, times);
    const repeat = second?.kind === 'id' && second.id === 'REPEAT';
    const filler = second === undefined || repeat ? undefined : inner(second);
    let last: number | undefined = typeof filler === 'number' ? filler : undefined;
    const filled = new Map<number, number>();
    for (const time of times) {
      const there = series.get(time);
      if (repeat && there !== undefined) last = there;
      const chosen = there ?? last;
      if (chosen !== undefined) filled.set(time, chosen);
    }
    return filled;
  }
  // Of several series, a value per time; of one series, one number for all times.
  if (typeof value === 'number' || value instanceof Map)
    return reduce(name, [...one(value, times).values()]) ?? 0;
  const all = value as readonly Series[];
  return new Map(
    times.flatMap((time) => {
      const present = all.flatMap((series) => series.get(time) ?? []);
      const reduced = reduce(name, present);
      return reduced === undefined ? [] : [[time, reduced] as const];
    }),
  );
}

function reduce(name: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const total = values.reduce((sum, value) => sum + value, 0);
  switch (name) {
    case 'AVG':
      return total / values.length;
    case 'MIN':
      return Math.min(...values);
    case 'MAX':
      return Math.max(...values);
    default:
      return total;
  }
}

/** Only times that both sides have; a division by zero has no value. */
function combine(operator: string, left: Value, right: Value, times: readonly number[]): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    return apply(operator, left, right) ?? new Map<number, number>();
  }
  const [a, b] = [one(left, times), one(right, times)];
  return new Map(
    [...a].flatMap(([time, value]) => {
      const other = b.get(time);
      const result = other === undefined ? undefined : apply(operator, value, other);
      return result === undefined ? [] : [[time, result] as const];
    }),
  );
}

function apply(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return b === 0 ? undefined : a / b;
  }
}

function one(value: Value, times: readonly number[]): Series {
  if (typeof value === 'number') return new Map(times.map((time) => [time, value]));
  return value instanceof Map ? value : ((value as readonly Series[])[0] ?? new Map());
}
