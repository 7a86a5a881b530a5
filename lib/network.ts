import { Annotations } from 'aws-cdk-lib';
import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

import { acceptFinding } from './accept-finding';
import type { FleetConfig } from './config/schema';

/**
 * The operator's VPC, known by its ids alone so that synthesis needs no look-ups, and the fleet's
 * security groups in it.
 */
export class FleetNetwork extends Construct {
  readonly vpc: IVpc;
  readonly functionSubnets: ISubnet[];
  readonly bridgeSecurityGroup: SecurityGroup;
  readonly collectorSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, config: FleetConfig) {
    super(scope, id);
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: config.vpcId,
      // Nothing here goes by zone, but CDK wants one.
      availabilityZones: ['any'],
      ...(config.vpcCidr === undefined ? {} : { vpcCidrBlock: config.vpcCidr }),
    });
    this.functionSubnets = config.functionSubnetIds.map((subnetId, index) =>
      Subnet.fromSubnetId(this, `FunctionSubnet${index}`, subnetId),
    );
    // Nothing here goes by route table either.
    Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
    this.bridgeSecurityGroup = this.makeBridgeGroup(config);
    this.collectorSecurityGroup = new SecurityGroup(this, 'CollectorSecurityGroup', {
      vpc: this.vpc,
      description: `Jitsi bridges ${config.fleet}: collector function`,
    });
    if (config.egress === 'createEndpoints') this.makeEndpoints(config);
  }

  private makeBridgeGroup({ fleet, bridge }: FleetConfig): SecurityGroup {
    const group = new SecurityGroup(this, 'BridgeSecurityGroup', {
      vpc: this.vpc,
      description: `Jitsi bridges ${fleet}: media from anywhere`,
    });
    for (const range of bridge.mediaPorts)
      group.addIngressRule(Peer.anyIpv4(), portOf(range), 'Media');
    acceptFinding(
      group,
      'AwsSolutions-EC23',
      "Media comes from every participant's address; only the media ports are open.",
    );
    return group;
  }

  /**
   * Private DNS of an endpoint concerns every host of the VPC, also those in its secondary ranges,
   * so every host of the VPC may use it.
   */
  private makeEndpoints({ fleet, vpcCidr, secondaryCidrs, endpointZones }: FleetConfig): void {
    if (vpcCidr === undefined) return;
    const group = new SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc: this.vpc,
      description: `Jitsi bridges ${fleet}: endpoints of SSM and CloudWatch`,
    });
    for (const range of [vpcCidr, ...secondaryCidrs])
      group.addIngressRule(Peer.ipv4(range), Port.HTTPS, 'Hosts of the VPC');
    const services = {
      Ssm: InterfaceVpcEndpointAwsService.SSM,
      Monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
    };
    for (const [name, service] of Object.entries(services))
      new InterfaceVpcEndpoint(this, `${name}Endpoint`, {
        vpc: this.vpc,
        service,
        // An endpoint costs by the hour in each zone.
        subnets: { subnets: this.functionSubnets.slice(0, endpointZones) },
        securityGroups: [group],
        open: false,
      });
  }
}

/** `10000/udp` or `10001-20000/udp`, as the config writes it. */
function portOf(range: string): Port {
  const [ports = '', protocol] = range.split('/');
  const [from = 0, to = from] = ports.split('-').map(Number);
  return protocol === 'tcp' ? Port.tcpRange(from, to) : Port.udpRange(from, to);
}
