import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveRepository, type RepositoryServer } from '../../../../local/jitsi/packages/server';

describe('serving a repository', () => {
  let directory: string;
  let server: RepositoryServer;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bridges-serve-'));
    await mkdir(join(directory, 'public', 'stable'), { recursive: true });
    await writeFile(join(directory, 'public', 'stable', 'Packages'), 'Package: x\n');
    await writeFile(join(directory, 'secret'), 'not served');
    const options = { directory: join(directory, 'public'), host: '127.0.0.1', port: 0 };
    server = await serveRepository(options);
  });

  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  test('gives files with their length', async () => {
    const response = await fetch(`${server.url}/stable/Packages`);
    expect(response.headers.get('content-length')).toBe('11');
    expect(await response.text()).toBe('Package: x\n');
  });

  test.each(['/', '/stable', '/stable/', '/absent', '/%00', '/%zz'])(
    '%s is not found',
    async (path) => {
      expect((await fetch(server.url + path)).status).toBe(404);
    },
  );

  test.each(['/../secret', '/%2e%2e/secret', '/stable/..%2f..%2fsecret'])(
    '%s does not leave the directory',
    async (path) => {
      expect(await rawStatus(server.url, path)).toBe(404);
    },
  );

  test('is read only', async () => {
    expect((await fetch(`${server.url}/stable/Packages`, { method: 'PUT' })).status).toBe(405);
  });
});

/** Status for a path that is sent as it is; `fetch` would tidy it first. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
