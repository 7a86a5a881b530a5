#!/bin/bash
# Node comes with the machine; see the embedded cloud's machines.
exec /opt/local/node /usr/share/jitsi-videobridge/jvb.js "$@"
