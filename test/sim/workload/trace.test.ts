import { envelopeOf, parseTrace, TraceError } from '../../../sim/workload/trace';

test.each([
  [
    'with a header and times in UTC',
    'timestamp,value\n2014-07-01 00:00:00,10\n2014-07-01 00:30:00,20',
  ],
  ['without a header', '2014-07-01T00:00:00Z,10\n2014-07-01T00:30:00Z,20\n'],
  ['epoch seconds and Windows line ends', '1404172800,10\r\n1404174600,20\r\n'],
  ['quoted', '"time","value"\n"2014-07-01 00:00:00","10"\n"2014-07-01 00:30:00","20"'],
])('reads a trace %s', (_, text) => {
  expect(parseTrace(text)).toEqual({ startAt: 1404172800, stepSeconds: 1800, values: [10, 20] });
});

test('a missing stretch is bridged in a straight line', () => {
  expect(parseTrace('0,0\n60,10\n120,20\n240,40\n300,50').values).toEqual([0, 10, 20, 30, 40, 50]);
});

test.each([
  ['nothing', ''],
  ['one line', '0,1'],
  ['text for a number', '0,1\n60,many'],
  ['a negative value', '0,1\n60,-1'],
  ['an empty value', '0,1\n60,'],
  ['a time that is none', '0,1\nsoon,2'],
  ['time that goes back', '60,1\n0,2'],
  ['the same time twice', '0,1\n0,2\n60,3'],
])('refuses %s', (_, text) => {
  expect(() => parseTrace(text)).toThrow(TraceError);
});

test('the envelope is scaled, interpolated, and nothing outside of the trace', () => {
  const envelope = envelopeOf({ startAt: 1000, stepSeconds: 100, values: [0, 50, 100] }, 0, 100);
  expect([900, 1000, 1050, 1100, 1200, 1400].map(envelope)).toEqual([0, 0, 0.25, 0.5, 1, 0]);
});
