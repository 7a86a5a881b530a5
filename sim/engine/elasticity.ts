/**
 * The elasticity metrics of SPEC RG (Herbst et al., 2013 and 2018), over minutes; shares in
 * percent.
 */
export interface ElasticityFigures {
  /** θU, θO: mean of the missing and of the surplus bridges, relative to the demand. */
  readonly underAccuracy: number;
  readonly overAccuracy: number;
  /** τU, τO: share of time with too few and too many. */
  readonly underTimeshare: number;
  readonly overTimeshare: number;
  /** Share of time in which supply and demand do not move in the same direction. */
  readonly instability: number;
  /** Changes of the supply less changes of the demand, per hour. */
  readonly jitterPerHour: number;
}

/**
 * Compares bridges that take conferences with those that the participants need, never less than
 * `floor`.
 */
export class Elasticity {
  private minutes = 0;
  private under = 0;
  private over = 0;
  private underMinutes = 0;
  private overMinutes = 0;
  private unstable = 0;
  private supplyChanges = 0;
  private demandChanges = 0;
  private last: { readonly demand: number; readonly supply: number } | undefined;

  constructor(
    private readonly floor: number,
    private readonly seats: number,
  ) {}

  add(participants: number, supply: number): void {
    const demand = Math.max(this.floor, Math.ceil(participants / this.seats));
    this.minutes += 1;
    this.under += Math.max(0, demand - supply) / Math.max(1, demand);
    this.over += Math.max(0, supply - demand) / Math.max(1, demand);
    if (supply < demand) this.underMinutes += 1;
    if (supply > demand) this.overMinutes += 1;
    if (this.last !== undefined) {
      const demandMove = Math.sign(demand - this.last.demand);
      const supplyMove = Math.sign(supply - this.last.supply);
      if (demandMove !== supplyMove) this.unstable += 1;
      if (demandMove !== 0) this.demandChanges += 1;
      if (supplyMove !== 0) this.supplyChanges += 1;
    }
    this.last = { demand, supply };
  }

  figures(): ElasticityFigures {
    const minutes = Math.max(1, this.minutes);
    const percent = (sum: number) => (100 * sum) / minutes;
    return {
      underAccuracy: percent(this.under),
      overAccuracy: percent(this.over),
      underTimeshare: percent(this.underMinutes),
      overTimeshare: percent(this.overMinutes),
      instability: percent(this.unstable),
      jitterPerHour: ((this.supplyChanges - this.demandChanges) * 60) / minutes,
    };
  }
}
