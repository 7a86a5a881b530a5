import { Component } from '@xmpp/component-core';
import iqCallerOf, { type IqCaller } from '@xmpp/iq/caller.js';
import middlewareOf from '@xmpp/middleware';
import type { Element } from '@xmpp/xml';
import { ask, type IqAnswer, type IqRequest } from './iq';

export interface ComponentOptions {
  readonly host: string;
  readonly port: number;
  /** `<subdomain>.<domain>`. */
  readonly jid: string;
  readonly secret: string;
  /** @default 5 */
  readonly retrySeconds?: number;
  readonly log: (line: string) => void;
}

export interface ComponentListener {
  connected(): void;
  /** Every stanza that is not the answer to one of our requests. */
  stanza(stanza: Element): void;
}

const answerMs = 10_000;
const stopMs = 2_000;
const keepAliveMs = 30_000;

/**
 * XEP-0114 over plain TCP as Jitsi's Whack library does it: tries forever, every 5 s while
 * refused; a connection that breaks is tried again at once. White space every 30 s. Not
 * `@xmpp/component`, which waits equally long after a refusal and after a break, and answers
 * requests itself.
 */
export class ComponentConnection {
  private readonly entity: Component;
  private readonly iq: IqCaller;
  private retry: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private keepAlive: NodeJS.Timeout | undefined;
  private problem: string | undefined;
  private isStopped = false;
  /** Resolves when the present connection is over; undefined while there is none. */
  private over: Promise<IqAnswer> | undefined;
  private endRequests: () => void = () => undefined;

  constructor(
    private readonly options: ComponentOptions,
    private readonly listener: ComponentListener,
  ) {
    const { host, port, jid, secret } = options;
    this.entity = new Component({ service: `xmpp://${host}:${port}`, domain: jid });
    this.entity.timeout = answerMs;
    const middleware = middlewareOf({ entity: this.entity });
    this.iq = iqCallerOf({ middleware, entity: this.entity });
    middleware.use(({ stanza }, next) => {
      if (this.online && this.entity.isStanza(stanza)) listener.stanza(stanza);
      return next();
    });
    this.entity.on('error', (error: Error & { readonly condition?: string }) => {
      this.problem = error.condition ?? error.message;
    });
    this.entity.on('open', ({ attrs }: Element) => {
      // A refusal is told by 'error', too, and no answer by the deadline.
      this.entity.authenticate(attrs['id'] ?? '', secret).catch(() => undefined);
    });
    this.entity.on('online', () => this.becameOnline());
    this.entity.on('disconnect', () => this.lost());
  }

  start(): void {
    this.isStopped = false;
    this.dial();
  }

  get online(): boolean {
    return this.over !== undefined;
  }

  /** What is sent while there is no connection is lost. */
  send(stanza: Element): void {
    if (this.online) this.entity.send(stanza).catch(() => undefined);
  }

  /** A connection that breaks meanwhile is a timeout. */
  async request(request: Omit<IqRequest, 'from'>): Promise<IqAnswer> {
    if (this.over === undefined) return { kind: 'timeout' };
    return Promise.race([ask(this.iq, { ...request, from: this.options.jid }), this.over]);
  }

  /** The server has let go of the component when this resolves, after 2 s at the latest. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retry);
    const { socket } = this.entity;
    if (socket === null) return;
    const force = setTimeout(() => socket.destroy(), stopMs);
    await this.entity.stop().catch(() => undefined);
    clearTimeout(force);
  }

  private dial(): void {
    const { service, domain } = this.entity.options;
    this.problem = undefined;
    this.deadline = setTimeout(() => {
      this.problem ??= `no answer in ${answerMs / 1000} s`;
      this.entity.socket?.destroy();
    }, answerMs);
    // Not `start`, which leaves an unhandled rejection behind when opening the stream fails.
    this.entity
      .connect(service)
      .then(() => this.entity.open({ domain }))
      .catch(() => undefined);
  }

  private becameOnline(): void {
    clearTimeout(this.deadline);
    this.over = new Promise((resolve) => {
      this.endRequests = () => resolve({ kind: 'timeout' });
    });
    this.keepAlive = setInterval(() => {
      this.entity.write(' ').catch(() => undefined);
    }, keepAliveMs);
    this.options.log(`component ${this.options.jid}: connected`);
    this.listener.connected();
  }

  private lost(): void {
    clearTimeout(this.deadline);
    clearInterval(this.keepAlive);
    this.options.log(`component ${this.options.jid}: ${this.problem ?? 'connection closed'}`);
    const wasOnline = this.online;
    this.over = undefined;
    this.endRequests();
    if (this.isStopped) return;
    const delaySeconds = wasOnline ? 0 : (this.options.retrySeconds ?? 5);
    this.retry = setTimeout(() => this.dial(), delaySeconds * 1000);
  }
}
