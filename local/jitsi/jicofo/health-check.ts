import xml from '@xmpp/xml';
import { namespaces } from '../xmpp/namespaces';
import type { Request } from './colibri-link';

/** Asks a bridge for its health. `timeout` says nothing of the bridge yet; an error does. */
export async function healthOf(
  request: Request,
  bridge: string,
): Promise<'healthy' | 'failed' | 'timeout'> {
  const payload = xml('healthcheck', { xmlns: namespaces.healthcheck });
  const answer = await request('get', bridge, payload);
  if (answer.kind === 'result') return 'healthy';
  return answer.kind === 'error' ? 'failed' : 'timeout';
}
