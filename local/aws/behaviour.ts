/** A span of seconds, drawn evenly. */
export interface Seconds {
  readonly from: number;
  readonly to: number;
}

/**
 * What AWS does now one way and now another, or what nobody in public knows. Everything that AWS
 * always does is no option.
 */
export interface Behaviour {
  /** Whatever is drawn is drawn from it: the same seed, the same delays and phases. */
  readonly seed: number;
  /**
   * Whether the fleet service's launches carry `ec2:LaunchTemplate`. Unknown; a product must
   * launch in both.
   */
  readonly launchTemplateKey: 'present' | 'absent';
  /**
   * What a repeated CreateFleet of type `instant` answers: the same instances, or none. Unknown.
   */
  readonly repeatedLaunch: 'listed' | 'empty';
  /**
   * From a change of an instance, its launch included, until describe calls and IMDS tell of it.
   */
  readonly ec2Delay: Seconds;
  /** From PutMetricData until the data can be read. */
  readonly metricDelay: Seconds;
  /**
   * Where in its minute a schedule with a rate starts: at a second of its own, or as soon as it is
   * made.
   */
  readonly schedulePhase: 'own' | 'none';
  /** How old the console output is that GetConsoleOutput shows; `never`: it stays empty. */
  readonly consoleDelay: Seconds | 'never';
  /** Lambda's quota of concurrent executions of the account; a new account may have 10. */
  readonly concurrencyQuota: number;
  /** EC2's quotas of running vCPUs of standard types. */
  readonly vcpuLimit: Readonly<Record<'on-demand' | 'spot', number>>;
  /** Whether calls beyond the documented rates are throttled. */
  readonly throttles: 'on' | 'off';
}

/** As an ordinary account of AWS behaves. */
export const awsBehaviour: Behaviour = {
  seed: 1,
  launchTemplateKey: 'absent',
  repeatedLaunch: 'listed',
  ec2Delay: { from: 0.5, to: 4 },
  metricDelay: { from: 2, to: 20 },
  schedulePhase: 'own',
  consoleDelay: { from: 10, to: 120 },
  concurrencyQuota: 1000,
  vcpuLimit: { 'on-demand': 1920, spot: 1920 },
  throttles: 'on',
};

/** Everything at once and without limits: for tests of what a call means, not of when. */
export const promptBehaviour: Behaviour = {
  ...awsBehaviour,
  ec2Delay: { from: 0, to: 0 },
  metricDelay: { from: 0, to: 0 },
  schedulePhase: 'none',
  consoleDelay: { from: 0, to: 0 },
  throttles: 'off',
};
