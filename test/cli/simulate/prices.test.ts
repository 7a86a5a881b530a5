import { publishedPrice } from '../../../cli/simulate/prices';

test.each([
  [
    'the first type',
    [
      { type: 'c6i.xlarge', weight: 1 },
      { type: 'm6i.xlarge', weight: 1 },
    ],
    0.17,
  ],
  ['another size', [{ type: 'm6i.2xlarge', weight: 1 }], 0.384],
  [
    'the next one when the first is not in the table',
    [
      { type: 'x9.xlarge', weight: 1 },
      { type: 'c5.large', weight: 1 },
    ],
    0.085,
  ],
  ['a bridge of weight 1', [{ type: 'c6i.2xlarge', weight: 2 }], 0.17],
])('gives the price of %s', (_, types, dollars) => {
  expect(publishedPrice(types)?.dollarsPerBridgeHour).toBeCloseTo(dollars, 6);
});

test('knows no price of an unknown type or size', () => {
  expect(
    publishedPrice([
      { type: 'x9.xlarge', weight: 1 },
      { type: 'c6i.metal', weight: 1 },
    ]),
  ).toBeUndefined();
});
