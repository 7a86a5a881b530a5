import { AwsError } from '../errors';

export interface Subnet {
  readonly subnetId: string;
  readonly availabilityZone: string;
  /** First three bytes of its addresses. */
  readonly prefix: string;
}

/** The VPC that the emulated account has; `local` configurations name these ids. */
export const localNetwork = {
  vpcId: 'vpc-0123456789abcdef0',
  subnets: [
    { subnetId: 'subnet-0aaaaaaaaaaaaaaa1', availabilityZone: 'us-east-1a', prefix: '10.213.1' },
    { subnetId: 'subnet-0bbbbbbbbbbbbbbb2', availabilityZone: 'us-east-1b', prefix: '10.213.2' },
    { subnetId: 'subnet-0ccccccccccccccc3', availabilityZone: 'us-east-1c', prefix: '10.213.3' },
  ] satisfies Subnet[],
};

/**
 * Hands out addresses. None is given twice, so that a late packet or a stale record never meets
 * another machine.
 */
export class Network {
  private readonly used = new Map<string, number>();
  private publicCount = 0;

  constructor(private readonly subnets: readonly Subnet[] = localNetwork.subnets) {}

  /** The named subnet, the first one without a name. */
  subnet(subnetId: string | undefined): Subnet {
    const found = this.subnets.find((s) => subnetId === undefined || s.subnetId === subnetId);
    if (found !== undefined) return found;
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  }

  /** Zone of the named subnet, or of the first one; undefined for one that does not exist. */
  zoneOf(subnetId: string | undefined): string | undefined {
    return this.subnets.find((s) => subnetId === undefined || s.subnetId === subnetId)
      ?.availabilityZone;
  }

  /** As AWS, the first four addresses of a subnet and its last are not given. */
  address(subnet: Subnet): string {
    const host = this.used.get(subnet.prefix) ?? 10;
    if (host > 254) {
      throw new AwsError(
        'InsufficientFreeAddressesInSubnet',
        `There are not enough free addresses in subnet '${subnet.subnetId}'.`,
      );
    }
    this.used.set(subnet.prefix, host + 1);
    return `${subnet.prefix}.${host}`;
  }

  /** Addresses of the documentation range; more than 254 go on in the next one. */
  publicAddress(): string {
    const index = this.publicCount++;
    const range = ['203.0.113', '198.51.100', '192.0.2'][Math.floor(index / 254) % 3];
    return `${range}.${(index % 254) + 1}`;
  }
}
