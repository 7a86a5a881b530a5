/** What the first sample of a cold JVM says, whatever the load (seen on real bridges). */
const coldStress = 1.11;
const idleStress = 0.007;

/**
 * Stress as a bridge of today measures it: a sample of the machine's CPU every so often, and the
 * first one taken while the JVM starts.
 */
export class LoadMeasure {
  private sample = coldStress;

  /** To be called every 10 s. `participantStress` is what one participant costs. */
  measure(participantCount: number, participantStress: number): void {
    this.sample = idleStress + participantCount * participantStress;
  }

  get stress(): number {
    return this.sample;
  }
}
