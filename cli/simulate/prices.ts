/**
 * Dollars per hour of the size `xlarge`, Linux, on demand, us-east-1, from AWS's price list as of
 * 2025. Within a family the price goes with the size.
 */
const xlargeDollars: Readonly<Record<string, number>> = {
  c5: 0.17,
  c5a: 0.154,
  c5n: 0.216,
  c6a: 0.153,
  c6g: 0.136,
  c6gn: 0.1728,
  c6i: 0.17,
  c6in: 0.2268,
  c7a: 0.20528,
  c7g: 0.145,
  c7i: 0.1785,
  c8g: 0.15952,
  m5: 0.192,
  m5a: 0.172,
  m6a: 0.1728,
  m6g: 0.154,
  m6i: 0.192,
  m7a: 0.23184,
  m7g: 0.1632,
  m7i: 0.2016,
  t3: 0.1664,
};

/** The sizes for which price ÷ size is the same, relative to `xlarge`. */
const sizes: Readonly<Record<string, number>> = {
  large: 0.5,
  xlarge: 1,
  '2xlarge': 2,
  '4xlarge': 4,
  '8xlarge': 8,
};

export interface InstanceType {
  readonly type: string;
  /** Capacity relative to the reference bridge. */
  readonly weight: number;
}

/** What a bridge-hour costs, and where that is from. */
export interface Price {
  readonly dollarsPerBridgeHour: number;
  readonly source: string;
}

/**
 * Price of a reference bridge: of the first type that is in the table, by its weight; undefined
 * when none is.
 */
export function publishedPrice(types: readonly InstanceType[]): Price | undefined {
  for (const { type, weight } of types) {
    const dollars = hourlyDollars(type);
    if (dollars !== undefined)
      return {
        dollarsPerBridgeHour: dollars / weight,
        source: `${type} on-demand in us-east-1, as published in 2025; set --price for other regions or spot`,
      };
  }
  return undefined;
}

function hourlyDollars(type: string): number | undefined {
  const [family = '', size = ''] = type.split('.');
  const [xlarge, factor] = [xlargeDollars[family], sizes[size]];
  return xlarge === undefined || factor === undefined ? undefined : xlarge * factor;
}
