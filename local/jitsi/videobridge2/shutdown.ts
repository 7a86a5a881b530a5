/** As in ShutdownManager.kt: there is no way back from either of the last two. */
export type ShutdownState = 'running' | 'gracefulShutdown' | 'shuttingDown';

export interface ShutdownOptions {
  readonly maxSeconds: number;
  readonly minParticipants: number;
  readonly delaySeconds: number;
  /** Called when the process is to end. */
  readonly exit: () => void;
  readonly log: (line: string) => void;
}

/**
 * Graceful shutdown of a current bridge: it waits until (almost) nobody is left or a long time has
 * passed, then says that it is shutting down, waits once more and ends.
 */
export class Shutdown {
  private current: ShutdownState = 'running';
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ShutdownOptions) {}

  get state(): ShutdownState {
    return this.current;
  }

  begin(kind: 'graceful' | 'forced', participantCount: number): void {
    if (kind === 'forced') this.shutDown();
    else if (this.current === 'running') {
      this.current = 'gracefulShutdown';
      this.options.log('Entered graceful shutdown mode');
      this.timer = setTimeout(() => this.shutDown(), this.options.maxSeconds * 1000);
    }
    this.participantsChanged(participantCount);
  }

  participantsChanged(count: number): void {
    if (this.current === 'gracefulShutdown' && count <= this.options.minParticipants) {
      this.shutDown();
    }
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private shutDown(): void {
    if (this.current === 'shuttingDown') return;
    this.current = 'shuttingDown';
    this.options.log(`Will shut down in ${this.options.delaySeconds} s`);
    clearTimeout(this.timer);
    this.timer = setTimeout(this.options.exit, this.options.delaySeconds * 1000);
  }
}
