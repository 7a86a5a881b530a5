/**
 * Packets per second at stress 1, as Jicofo 540–580 has it (MaxPacketRateCalculator: 9800 in +
 * 41000 out).
 */
export const defaultMaxPacketRate = 50800;

/**
 * CPU share at which a bridge counts as full; jitsi-videobridge's own threshold for its
 * stress_level.
 */
const fullCpuRatio = 0.9;

/**
 * Stress of a bridge that does not report it itself: the greater of its packet rate and its CPU
 * load, each relative to what a full bridge has. Not clamped: 1 = full, an overloaded bridge has
 * more. A bridge that does not report its CPU (v2.1 up to build 202) is measured by packets alone.
 */
export function componentStress(
  load: { readonly packetsPerSecond: number; readonly cpuRatio?: number },
  maxPacketRate: number,
): number {
  return Math.max(0, load.packetsPerSecond / maxPacketRate, (load.cpuRatio ?? 0) / fullCpuRatio);
}
