import type { ObservedBridge } from '../controllers/controller';
import { simulated } from '../workload/workload';
import type { BridgeMetrics, SimBridge } from './bridge';

interface View {
  readonly metrics: BridgeMetrics | undefined;
  readonly phase: SimBridge['phase'];
  readonly drainSince: number | undefined;
  readonly view: ObservedBridge;
}

/** Bridges as controllers see them. */
export class Views {
  private readonly views: View[] = [];

  constructor(private readonly startAt: number) {}

  /** The same object until something about the bridge is new. */
  of(bridge: SimBridge): ObservedBridge {
    const { metrics, phase, drainSince } = bridge;
    const seen = this.views[bridge.index];
    if (seen?.metrics === metrics && seen?.phase === phase && seen.drainSince === drainSince)
      return seen.view;
    const { startAt } = this;
    // Those that were there from the start have reported, though nobody has looked yet.
    const isUnheard = metrics === undefined && bridge.launchedAt > simulated.from;
    const view: ObservedBridge = {
      id: bridge.id,
      phase: phase === 'draining' ? 'draining' : isUnheard ? 'booting' : 'active',
      launchedAt: startAt + bridge.launchedAt,
      weight: 1,
      zone: `zone-${bridge.zone}`,
      ...(drainSince === undefined ? {} : { drainingSince: startAt + drainSince }),
      ...(metrics === undefined ? {} : { metrics: { ...metrics, at: startAt + metrics.at } }),
    };
    this.views[bridge.index] = { metrics, phase, drainSince, view };
    return view;
  }
}
