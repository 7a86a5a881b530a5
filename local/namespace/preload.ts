/** Loaded before the program inside (`node --import`): opens the inner ends of its forwards. */
import { writeFile } from 'node:fs/promises';
import { forwardSocketToTcp } from './forward';
import { forwardingVariable, readForwarding, readyMark, socketPath } from './forwarding';

async function openForwards(): Promise<void> {
  const forwarding = readForwarding();
  if (!forwarding) throw new Error(`${forwardingVariable} is not set`);
  for (const { name, target } of forwarding.forwards) {
    const server = await forwardSocketToTcp(socketPath(forwarding.directory, name), target);
    // A program that has nothing left to do may end.
    server.unref();
  }
  await writeFile(readyMark(forwarding.directory), '');
}

void openForwards();
