import type { Readable } from 'node:stream';

/**
 * Text of a stream as far as it fits: the first or the last `limit` characters, as its reader
 * needs it.
 */
export class CapturedText {
  private text = '';

  constructor(
    private readonly limit: number,
    private readonly keep: 'first' | 'last',
  ) {}

  /** Takes in all that the stream will say. The stream is always read to its end, kept or not. */
  follow(stream: Readable): this {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => this.add(chunk));
    return this;
  }

  add(chunk: string): void {
    if (this.keep === 'last') this.text = (this.text + chunk).slice(-this.limit);
    else if (this.text.length < this.limit) this.text = (this.text + chunk).slice(0, this.limit);
  }

  toString(): string {
    return this.text;
  }
}
