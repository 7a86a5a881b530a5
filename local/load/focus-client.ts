import type { FocusStats } from '../jitsi/jicofo/control-server';

/** The HTTP control of the Jicofo stand-in, from outside. Requests fail after 15 s. */
export class FocusClient {
  /** @param url `http://10.213.0.10:8888` */
  constructor(private readonly url: string) {}

  /** True when a bridge took the conference. */
  start(room: string, participants: readonly string[]): Promise<boolean> {
    return this.changed('POST', '/conferences', { room, participants });
  }

  join(room: string, join: readonly string[]): Promise<boolean> {
    return this.changed('POST', `/conferences/${encodeURIComponent(room)}/participants`, { join });
  }

  leave(room: string, leave: readonly string[]): Promise<boolean> {
    return this.changed('POST', `/conferences/${encodeURIComponent(room)}/participants`, { leave });
  }

  end(room: string): Promise<boolean> {
    return this.changed('DELETE', `/conferences/${encodeURIComponent(room)}`);
  }

  /** Rejects when the focus cannot be reached. */
  async stats(): Promise<FocusStats> {
    const response = await fetch(`${this.url}/stats`, { signal: AbortSignal.timeout(15_000) });
    return (await response.json()) as FocusStats;
  }

  private async changed(method: string, path: string, body?: unknown): Promise<boolean> {
    const response = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(15_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.body?.cancel();
    if (response.ok) return true;
    if (response.status === 503) return false;
    throw new Error(`${method} ${path}: ${response.status}`);
  }
}
