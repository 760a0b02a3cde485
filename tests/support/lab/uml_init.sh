#!/bin/bash
# Process 1 in user-mode-linux: mounts what a lab needs, runs the command line,
# writes its status to $UML_STATUS and powers off. See uml.py.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/net /dev/pts /dev/shm
[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
mount -t devpts devpts /dev/pts 2>/dev/null
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mkdir -p /run/netns /run/lock
ln -sfn /proc/self/fd /dev/fd 2>/dev/null
touch "$UML_STATUS.booted"

mkdir -p /lib/modules
mount --bind /usr/lib/uml/modules /lib/modules
# No ip_vti0 in each namespace.
echo 2 > /proc/sys/net/core/fb_tunnels_only_for_init_net
modprobe -a vrf dummy veth xfrm_user esp4 esp6 ah4 ip_gre crypto_null ip_vti ip6_vti gcm ctr authenc authencesn echainiv seqiv cbc hmac tun af_packet \
  ansi_cprng drbg jitterentropy_rng ghash_generic sha512_generic 2>/dev/null
# Every unknown algorithm name would start modprobe, which takes up to a second
# here: the first SA would come late.
echo > /proc/sys/kernel/modprobe
ip link set lo up

setsid "$@" </dev/null 2>&1
echo $? > "$UML_STATUS"
sync
echo o > /proc/sysrq-trigger
poweroff -f
