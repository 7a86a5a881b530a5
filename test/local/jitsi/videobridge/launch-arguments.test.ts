import {
  configDirectory,
  parseLaunchArguments,
} from '../../../../local/jitsi/videobridge/launch-arguments';
import { bridgeSettings } from '../../../../local/jitsi/videobridge/bridge-settings';
import { parseProperties } from '../../../../local/jitsi/java-properties';

test('reads the arguments that jvb.sh is called with', () => {
  const argv =
    '--host=10.0.0.5 --domain=meet.test --port=5347 --secret=a=b --apis=rest,xmpp --subdomain=jvb-1';
  expect(parseLaunchArguments(argv.split(' '))).toEqual({
    host: '10.0.0.5',
    domain: 'meet.test',
    port: 5347,
    secret: 'a=b',
    apis: ['rest', 'xmpp'],
    subdomain: 'jvb-1',
  });
});

test('has the defaults of Main.java', () => {
  expect(parseLaunchArguments(['--domain=meet.test'])).toEqual({
    host: 'meet.test',
    domain: 'meet.test',
    port: 5275,
    secret: '',
    apis: ['xmpp'],
    subdomain: 'jitsi-videobridge',
  });
});

test('finds the configuration by the system properties of the package', () => {
  const sysProps =
    '-Dnet.java.sip.communicator.SC_HOME_DIR_LOCATION=/etc/jitsi -Dnet.java.sip.communicator.SC_HOME_DIR_NAME=other';
  expect(configDirectory([], { JAVA_SYS_PROPS: sysProps })).toBe('/etc/jitsi/other');
  expect(configDirectory(['--config-dir=/x'], {})).toBe('/x');
});

test('a blank in the list of transports is not forgiven, as in v1', () => {
  const text = [
    '# comment',
    'org.jitsi.videobridge.STATISTICS_TRANSPORT=muc, pubsub',
    'org.jitsi.videobridge.STATISTICS_INTERVAL=2000',
    'org.jitsi.videobridge.AUTHORIZED_SOURCE_REGEXP=focus@auth.meet.test/.*',
  ].join('\n');
  expect(bridgeSettings(parseProperties(text))).toMatchObject({
    transports: ['muc', ' pubsub'],
    intervalMilliseconds: 2000,
    statisticsEnabled: false,
    authorizedSources: 'focus@auth.meet.test/.*',
    shutdownSources: 'focus@auth.meet.test/.*',
  });
});
