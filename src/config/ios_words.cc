#include "config/ios_words.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "net/address.h"

namespace rri {
namespace {

using Words = std::vector<std::string_view>;

// Phrases are separated by commas; `*` is any one word.

/// Commands of the global mode. What a section has as well is in kSections.
constexpr std::string_view kGlobal =
    "aaa,access-list,access-session,alarm-contact,alias,appfw,app-hosting,appletalk,application,aqm-register-fnf,archive,arp,async-bootp,"
    "authentication,autonomic,avb,banner,beep,bfd,bfd-template,boot,boot-end-marker,boot-start-marker,bridge,bridge-domain,buffers,"
    "busy-message,call-home,card,carrier-id,ccm-manager,cdp,cef,chat-script,class-map,clns,clock,cns,config-register,"
    "call-history-mib,cisp,configuration mode exclusive,control-plane,controller,crypto,crypto engine accelerator,crypto map * client,crypto map * isakmp,crypto map * gdoi,cwmp,cts,custom-queue-list,decnet,device-sensor,device-tracking,diagnostic,"
    "dial-peer,dialer,dialer-list,dlsw,dnsix-dmdp,dnsix-nat,domain,dot11,dot1x,downward-compatible-config,dspfarm,eap,ephone,ephone-dn,ephone-dn-template,ephone-hunt,ephone-template,et-analytics,enable,epm,eou,"
    "errdisable,ethernet,event manager,exception,facility-alarm,fhrp,fips,file prompt,file verify,flow exporter,flow monitor,flow record,flow-sampler-map,"
    "frame-relay,gatekeeper,glbp,global-address-family,gnxi,guestshell,gw-accounting,hostname,hw-module,identity policy,identity profile,ima-group,"
    "inter-vrf,interface,iox,ipc,iphc-profile,ipx,isdn,isis,issu,kerberos,key chain,key config-key,keystone,kron,l2tp,l2tp-class,l2vpn,l3vpn,"
    "lacp,lane,ldap,li-view,license,line,lldp,mab,mdns-sd,logging,login block-for,login delay,login on-failure,login on-success,login quiet-mode,mac access-list,"
    "mac address-table,mac-address-table,macro,macsec,map-class,map-list,memory free,memory reserve,memory-size,menu,mgcp,microcode,mka,"
    "mls,mmi,modemcap,monitor session,mop,mpls,multilink bundle-name,multilink virtual-template,mvr,nat64,nat66,netbios,netconf,netconf-yang,"
    "network-clock,network-clock-select,network-policy,nmsp,ntp,object-group,onep,otv,parameter-map,parser,partition,password encryption,platform,pnp,power,policy-map,port-channel,pppoe,"
    "priority-list,privilege configure,privilege exec,privilege interface,process cpu,process-max-time,pseudowire-class,ptp,queue-list,"
    "radius server,radius-server,random-detect-group,redundancy,rep,restconf,rlogin,rmon,route-map,route-tag,router,rsvp,sampler,sccp,"
    "scheduler,sdm,security authentication,security passwords,segment-routing,service,service-list,sgbp,sgcp,source-bridge,shell,slaac,snmp,snmp-server,sntp,spanning-tree,"
    "spanning-tree vlan * priority,spanning-tree vlan * root,spd,stackwise-virtual,stack-mac,stcapp,subscriber,system mtu,table-map,"
    "tacacs server,tacacs-server,tag-switching,tclsh,telephony-service,template,tftp-server,time-range,track,transceiver,ttycap,uc,udld,utd,"
    "username,vc-class,version,vines,virtual-profile,virtual-service,vlan,vmps,voice,voice-card,voice-port,vpdn,vpdn-group,vrf definition,vstack,"
    "vtp,vxlan,warm-reboot,wccp,web-access-control,webvpn,wsma,x25,x29,xconnect,zone,zone-pair,"
    "bsd-client,chassis,dual-active,energywise,esmc,network-clock-participate,qos,sdwan,software,stack-power,switch * provision,telemetry,upgrade,wireless,"
    "ip access-list,ip accounting-list,ip accounting-threshold,ip accounting-transits,ip address-pool,ip admission,ip alias,ip arp,ip as-path,"
    "ip auth-proxy,ip auth-proxy name,ip bgp-community,ip bootp,ip cef,ip classless,ip community-list,ip ddns,ip default-gateway,ip default-network,ip device,ip dhcp,"
    "ip dns,ip domain,ip domain-list,ip domain-lookup,ip domain-name,ip explicit-path,ip extcommunity-list,ip finger,ip flow-cache,"
    "ip flow-export,ip flow-top-talkers,ip forward-protocol,ip ftp,ip gratuitous-arps,ip host,ip http,ip icmp,ip identd,ip igmp,"
    "ip igmp snooping,ip inspect,ip inspect alert-off,ip inspect audit-trail,ip inspect class-map,ip inspect log,ip inspect max-incomplete,ip inspect name,"
    "ip inspect one-minute,ip inspect tcp,ip inspect udp,ip ips config,ip ips name,ip ips notify,ip ips signature-category,ip local,ip mroute,ip msdp,"
    "ip multicast,ip multicast-routing,ip name-server,ip nat,ip nat inside source,ip nat inside destination,ip nat outside source,ip options,"
    "ip pim autorp,ip pim bsr-candidate,ip pim register-source,ip pim rp-address,ip pim rp-candidate,ip pim send-rp-announce,ip pim send-rp-discovery,"
    "ip pim spt-threshold,ip pim ssm,ip port-map,ip prefix-list,ip radius,ip rcmd,ip reflexive-list,ip routing,ip route,ip scp,ip sla,ip slb,ip source-route,"
    "ip spd,ip ssh,ip subnet-zero,ip tacacs,ip tcp,ip telnet,ip tftp,ip traffic-export,ip urlfilter,ip vrf,ip wccp,"
    "ipv6 access-list,ipv6 cef,ipv6 dhcp,ipv6 dhcp pool,ipv6 general-prefix,ipv6 hop-limit,ipv6 host,ipv6 icmp,ipv6 local,ipv6 mld snooping,"
    "ipv6 multicast-routing,ipv6 neighbor,ipv6 port-map,ipv6 prefix-list,ipv6 route,ipv6 router,ipv6 source-route,ipv6 spd,ipv6 unicast-routing,"
    // What a section's own words are the beginning of.
    "banner motd,banner login,banner exec,banner incoming,banner slip-ppp,banner prompt-timeout,dialer watch-list,dspfarm profile,ethernet cfm domain,"
    "ethernet cfm global,ethernet cfm ieee,ethernet evc,ethernet oam template,ip nbar custom,ip nbar attribute-map,ip nbar classification,"
    "ipv6 nd cache,ipv6 nd inspection policy,ipv6 nd raguard policy,service timestamps,service password-encryption,service password-recovery,"
    "service tcp-keepalives-in,service tcp-keepalives-out,service sequence-numbers,service compress-config,service config,service dhcp,"
    "service finger,service internal,service linenumber,service nagle,service pad,service udp-small-servers,service tcp-small-servers,"
    "service telnet-zeroidle,service unsupported-transceiver,service call-home,service counters,service hide-telnet-addresses,service prompt,"
    "service exec-wait,service exec-callback,service slave-log,spanning-tree mode,spanning-tree extend,spanning-tree mst configuration,"
    "spanning-tree mst * priority,spanning-tree mst * root,spanning-tree mst hello-time,spanning-tree mst forward-time,spanning-tree mst max-age,"
    "spanning-tree mst max-hops,spanning-tree logging,spanning-tree loopguard,spanning-tree etherchannel,spanning-tree pathcost,"
    "spanning-tree uplinkfast,spanning-tree backbonefast,spanning-tree portfast default,spanning-tree portfast bpduguard,"
    "spanning-tree portfast bpdufilter,spanning-tree portfast edge default,spanning-tree portfast edge bpduguard,"
    "spanning-tree portfast edge bpdufilter,spanning-tree portfast network default,username * privilege,username * secret,username * password,"
    "username * algorithm-type,username * view,zone security";

/// First words of the global mode that stand in sections just as well.
constexpr std::string_view kShared =
    "atm,auto,call,configuration,connect,cos,credentials,default-value,define,end,environment,event,fallback,file,flow,gateway,hardware,help,"
    "identity,interconnect,ip,ipv4,ipv6,key,l2,location,login,mac,memory,menu,metadata,monitor,multilink,multilink-group,nhrp,num-exp,password,"
    "performance,ppp,prefix-list,printer,privilege,process,process-name,profile,prompt,radius,regexp,resource,rtr,scripting,security,"
    "service-policy-map,smrp,source,srnd,ssh,standby,state-machine,stun,switch,system,tacacs,task-space,translate,transport,trunk,utilities,"
    "virtual-template,vpn,vrrp";

constexpr std::string_view kInterfaceWords =
    "access-session,arp timeout,arp arpa,arp snap,arp frame-relay,arp log,arp authorized,atm,clock rate,authentication,auto,bfd,bridge-group,cdp enable,cdp tlv,cdp log,clns,cts,crypto map,crypto ipsec client,"
    "crypto ipsec df-bit,crypto ipsec fragmentation,crypto engine,device-tracking attach-policy,dialer,dot1x,ethernet,frame-relay,glbp,"
    "ip accounting,ip admission,ip arp inspection trust,ip arp inspection limit,ip authentication,ip auth-proxy,ip ddns update,ip device tracking,ip dhcp client,"
    "ip dhcp relay information trusted,ip dhcp relay information option-insert,ip dhcp relay source-interface,ip dhcp snooping trust,"
    "ip dhcp snooping limit,ip flow ingress,ip flow egress,ip flow monitor,ip helper-address,ip igmp,ip inspect,ip ips,ip mtu,ip multicast boundary,ip nat inside,"
    "ip nat outside,ip nat enable,ip nbar protocol-discovery,ip nhrp,ip ospf,ip pim,ip policy,ip proxy-arp,ip redirects,ip route-cache,ip router,ip rsvp,"
    "ip split-horizon,ip summary-address,ip tcp adjust-mss,ip tcp header-compression,ip tcp compression-connections,ip traffic-export apply,"
    "ip unreachables,ip verify,ip virtual-reassembly,ip vrf forwarding,ip vrf receive,ip vrf sitemap,ip wccp web-cache redirect,"
    "ip wccp * redirect,ip wccp redirect,ipv6 dhcp client,ipv6 dhcp relay,ipv6 dhcp server,ipv6 mld,ipv6 nd,ipv6 ospf,ipv6 pim,ipx,isdn,isis,lacp port-priority,"
    "lacp rate,lldp transmit,lldp receive,lldp med-tlv-select,logging event,logging ip,mab,mac access-group,macsec,macro description,macro apply,mka,mls qos trust,"
    "mls qos cos,mls qos vlan-based,mop enabled,mop sysid,mpls bgp,mpls ip,mpls label,mpls ldp discovery,mpls ldp igp,mpls mtu,mpls traffic-eng tunnels,mvr type,"
    "nat64 enable,netbios,network-policy,nmsp attachment,ntp broadcast,ntp disable,ntp multicast,platform qos,port-channel min-links,power inline,pppoe,ptp enable,redundancy rii,redundancy group,rep segment,rmon collection,service instance,"
    "snmp ifindex,snmp trap,source-bridge,source-bridge,spanning-tree,spanning-tree vlan,tag-switching,udld enable,udld port,vpdn group,vtp,x25,xconnect";

/// `own`: see above. `inner`: LEVEL, `+` opens, `-` closes or `=` stands, words,
/// and behind `>` the prompt. "*": lines stand as deep as they are indented.
struct Section {
  std::string_view opener;
  std::string_view prompt;
  std::string_view own;
  std::string_view inner;
};

constexpr Section kSections[] = {
    {"interface", "config-if", kInterfaceWords, ""},
    {"template", "config-template", kInterfaceWords, ""},
    {"interface range", "config-if-range", kInterfaceWords, ""},
    {"service instance", "config-if-srv", "bridge-domain,service-policy,mac access-group,xconnect,shutdown,description",
     "1+xconnect>config-if-srv-xconn,1=bridge-domain,1=service-policy,1=encapsulation,1=rewrite,1=description"},
    {"vrrp", "config-if-vrrp", "address,priority,preempt,timers,track,shutdown,description,vrrpleader,match-address,vrrs", "1-exit-vrrp"},
    {"pvc", "config-if-atm-vc", "encapsulation,ubr,vbr-nrt,cbr,protocol,oam-pvc,pppoe-client,dialer,service-policy,description", ""},
    {"router", "config-router",
     "address-family,version 1,version 2,mpls ldp autoconfig,mpls ldp sync,mpls traffic-eng,segment-routing,bfd all-interfaces,key,table-map,description,shutdown,vrf,"
     "snmp context,ip route priority,authentication mode,authentication key-chain,metadata,redistribute,network,neighbor,template peer-policy,template peer-session,route-map * in,route-map * out,bfd",
     "1+address-family>config-router-af,1-exit-address-family,2+af-interface>config-router-af-interface,2-exit-af-interface,"
     "2+topology>config-router-af-topology,2-exit-af-topology,1+template peer-policy>config-router-ptmp,1+template peer-session>config-router-stmp,"
     "1-exit-peer-policy,1-exit-peer-session"},
    {"router lisp", "config-router-lisp", "", "*"},
    {"sdwan", "config-sdwan", "interface,system-ip,site-id,organization-name,sp-organization-name,vbond,omp,appqoe", "1+interface>config-interface,2+tunnel-interface>config-tunnel-interface,2-exit"},
    {"ipv6 router", "config-rtr", "redistribute,passive-interface,description,shutdown,bfd all-interfaces", "1+address-family>config-rtr-af,1-exit-address-family"},
    {"line", "config-line", "authorization,accounting,logging synchronous,ipv6 access-class,access-class,vacant-message,shutdown", ""},
    {"route-map", "config-route-map", "match,set,description,continue", ""},
    {"ip access-list standard", "config-std-nacl", "", ""},
    {"ip access-list extended", "config-ext-nacl", "", ""},
    {"ip access-list role-based", "config-rb-acl", "", ""},
    {"mac access-list", "config-ext-macl", "", ""},
    {"policy-map", "config-pmap", "class,service-policy,description,parameter",
     "1=description,1=parameter,1+class>config-pmap-c,2=set,2=bandwidth,2=priority,2=shape,2=queue-limit,2=random-detect,2=fair-queue,"
     "2=service-policy,2=trust,2=queue-buffers,2=compression,2=estimate,2=account,2=drop,2+police>config-pmap-c-police"},
    {"class-map", "config-cmap", "match,description", ""},
    {"parameter-map", "config-profile", "log,tcp,udp,icmp,alert,audit-trail,one-minute,sessions", ""},
    {"zone", "config-sec-zone", "description", ""},
    {"zone-pair", "config-sec-zone-pair", "service-policy,description", ""},
    {"control-plane", "config-cp", "service-policy", ""},
    {"l2tp-class", "config-l2tp-class", "authentication,password,hostname,hello,cookie,retransmit,receive-window,digest,hidden,timeout", ""},
    {"pseudowire-class", "config-pw-class", "encapsulation,protocol,ip local interface,ip pmtu,ip tos,ip protocol,interworking,sequencing", ""},
    {"time-range", "config-time-range", "periodic,absolute", ""},
    {"bfd-template", "config-bfd", "interval,echo,authentication,dampening", ""},
    {"mka policy", "config-mka-policy", "key-server,macsec-cipher-suite,confidentiality-offset", ""},
    {"aaa attribute list", "config-attr-list", "attribute", ""},
    {"l2vpn", "config-l2vpn", "router-id,logging pseudowire,logging redundancy,logging vc-state,redundancy predictive,redundancy delay,redundancy mode,shutdown", ""},
    {"table-map", "config-tablemap", "map,default", ""},
    {"crypto ssl authorization policy", "config-crypto-ssl-auth-policy", "banner,dns,pool,netmask,route set,def-domain,timeout,ipv6 prefix,ipv6 pool", ""},
    {"crypto ssl policy", "config-crypto-ssl-policy", "ip address,ip interface,ipv6 address,pki,ssl,shutdown", ""},
    {"crypto ssl profile", "config-crypto-ssl-profile",
     "aaa authentication user-pass,aaa authorization group,aaa authorization user,aaa accounting,authentication remote,match,max-users,virtual-template,shutdown", ""},
    {"crypto ssl", "config-crypto-ssl-proposal", "protection", ""},
    {"webvpn gateway", "config-webvpn-gateway", "hostname,ip address,ssl,logging enable,http-redirect,inservice", ""},
    {"webvpn context", "config-webvpn-context", "aaa authentication list,aaa authentication domain,aaa authentication auto,aaa accounting list,banner,gateway,virtual-template,ssl,logging enable,vrf-name",
     "1+policy group>config-webvpn-group,1+url-list>config-webvpn-url,1+port-forward>config-webvpn-port-fwd,1=virtual-template,"
     "1=default-group-policy,1=aaa,1=gateway,1=inservice,1=title,1=login-message,1=max-users,1=ssl"},
    {"vc-class", "config-vc-class", "encapsulation,protocol", ""},
    {"map-class", "config-map-class", "frame-relay,service-policy,dialer idle-timeout,dialer fast-idle,dialer isdn,dialer voice-call,dialer wait-for-carrier-time", ""},
    {"identity", "config-identity-policy", "description,access-group,template", ""},
    {"dot11 ssid", "config-ssid", "vlan,authentication,information-element,guest-mode,accounting", ""},
    {"service-template", "config-service-template", "vlan,service-policy,voice vlan,description,access-group", ""},
    {"ethernet cfm", "config-ecfm", "service,mep,mip", "1+service>config-ecfm-srv,1=mep archive-hold-time"},
    {"ethernet evc", "config-evc", "oam,uni", ""},
    {"segment-routing", "config-srmpls", "connected-prefix-sid-map,global-block,set-attributes",
     "1+connected-prefix-sid-map>config-srmpls-conn,2+address-family>config-srmpls-conn-af,2-exit-address-family,1=global-block,1=set-attributes"},
    {"utd", "config-utd-eng-std", "logging,threat-inspection,policy,web-filter",
     "1+threat-inspection>config-utd-eng-std-insp,1+web-filter>config-utd-eng-std-wf,1=logging"},
    {"ip slb serverfarm", "config-slb-sfarm", "nat,real,probe,bindid", "1+real>config-slb-real,1=nat,1=probe,1=predictor"},
    {"ip slb", "config-slb", "virtual,serverfarm,client,inservice", ""},
    {"snmp mib bulkstat", "config-bulk", "add,schema,url,enable,retain,retry,transfer-interval", ""},
    {"ptp clock", "config-ptp-clk", "clock-port,priority1,clock source,transport,sync,announce", "1+clock-port>config-ptp-port"},
    {"ip nbar", "config-nbar", "attribute,port,description", ""},
    {"ip ips", "config-ips-category", "category", "1+category>config-ips-category-action"},
    {"appfw", "cfg-appfw-policy", "application", "1+application>cfg-appfw-policy-http"},
    {"mgcp profile", "config-mgcp-profile", "description,timeout,voice-bearer", ""},
    {"ephone", "config-ephone", "ephone-template,mac-address,description,username * password,username", ""},
    {"ephone-dn", "config-ephone-dn", "description,name,translate,call", ""},
    {"ephone-template", "config-ephone-template", "service,url,voicemail", ""},
    {"ephone-hunt", "config-ephone-hunt", "list,timeout,description", ""},
    {"voice register pool", "config-register-pool", "username * password,username,number,id,template,voice-class,description", ""},
    {"voice register", "config-register", "number,name,url,source-address,description", ""},
    {"crypto gdoi", "config-gdoi-group", "identity number,identity address,server,client,passive,redundancy,rekey,sa,address,authorization",
     "1+server local>gdoi-local-server,2+sa ipsec>gdoi-sa-ipsec,2=rekey,2=address,2+redundancy>gdoi-coop-ks-config,2=authorization,1=identity,1=server address"},
    {"app-hosting", "config-app-hosting", "app-vnic,app-resource,start",
     "1+app-vnic>config-app-hosting-gateway,1+app-resource>config-app-hosting-docker,1=start"},
    {"virtual-service", "config-virt-serv", "vnic,ip shared,profile,activate", "1+vnic gateway>config-virt-serv-vnic,1=activate,1=profile,1=ip shared"},
    {"vlan", "config-vlan", "name,shutdown,private-vlan", ""},
    {"key chain", "config-keychain", "key,description", "1+key>config-keychain-key"},
    {"ip sla", "config-ip-sla", "tag,vrf,frequency,timeout,threshold,dns,http",
     "1+icmp-echo>config-ip-sla-echo,1+icmp-jitter>config-ip-sla-icmpjitter,1+udp-jitter>config-ip-sla-jitter,1+udp-echo>config-ip-sla-udp,"
     "1+tcp-connect>config-ip-sla-tcp,1+path-echo>config-ip-sla-pathEcho,1+http>config-ip-sla-http,1+dns>config-ip-sla-dns"},
    {"track", "config-track", "delay,object,ip vrf,threshold,carrier-delay", ""},
    {"archive", "config-archive", "log config,logging enable,logging size,logging persistent,path,notify,record,hidekeys",
     "1+log config>config-archive-log-cfg,1=path,1=write-memory,1=maximum,1=time-period"},
    {"call-home", "cfg-call-home", "profile,http,vrf,source-ip-address,source-interface",
     "1+profile>cfg-call-home-profile,1=contact-email-addr,1=alert-group,1=mail-server,1=sender,1=phone-number,1=street-address,1=site-id,"
     "1=customer-id,1=contract-id,1=rate-limit,1=http,1=vrf,1=source-interface,1=no http"},
    {"aaa group server", "config-sg", "ip radius,ip tacacs,ip vrf forwarding,ip vrf,server,server-private,ldap", ""},
    {"aaa server radius dynamic-author", "config-locsvr-da-radius", "auth-type,client,port,domain,server-key", ""},
    {"aaa accounting", "config", "action-type,group,broadcast", ""},
    {"radius server", "config-radius-server", "address,key,timeout,retransmit", ""},
    {"tacacs server", "config-server-tacacs", "address,key,timeout", ""},
    {"crypto isakmp client configuration group", "config-isakmp-group",
     "domain,key,dns,wins,pool,acl,banner,firewall,include-local-lan,netmask,save-password,split-dns,group-lock,max-users,max-logins,"
     "pfs,backup-gateway,access-restrict,browser-proxy,configuration,crypto aaa", ""},
    {"crypto ikev2 authorization policy", "config-ikev2-author-policy",
     "aaa attribute,aaa accounting,banner,def-domain,dhcp,dns,route,pool,netmask,split-dns,subnet-acl,wins,configuration,include-local-lan,ipv6", ""},
    {"crypto ikev2 client flexvpn", "config-ikev2-flexvpn", "peer,source,client,connect,backup,description", ""},
    {"crypto ipsec client ezvpn", "config-crypto-ezvpn", "connect,group,mode,peer,username * password,username,xauth,virtual-interface,acl", ""},
    {"crypto pki trustpoint", "ca-trustpoint", "ip-address,authentication,authorization,serial-number,vrf,source interface,password,enrollment", ""},
    {"crypto pki certificate chain", "config-cert-chain", "certificate", "1+certificate>config-pubkey"},
    {"crypto pki server", "cs-server", "database,grant,lifetime,issuer-name,shutdown,redundancy", ""},
    {"crypto key pubkey-chain", "config-pubkey-chain", "addressed-key,named-key", "1+addressed-key>config-pubkey-key,1+named-key>config-pubkey-key,2+key-string>config-pubkey,2-quit"},
    {"ip ssh pubkey-chain", "conf-ssh-pubkey", "username,server",
     "1+username>conf-ssh-pubkey-user,1+server>conf-ssh-pubkey-server,2+key-string>conf-ssh-pubkey-data,2-exit"},
    {"ip dhcp pool", "dhcp-config",
     "vrf,network,host,import,class,domain-name,dns-server,default-router,address,lease,option,client-identifier,hardware-address,relay,update",
     "1+class>config-dhcp-pool-class,1=network,1=host,1=default-router,1=dns-server,1=domain-name,1=option,1=lease,1=import"},
    {"ip dhcp class", "config-dhcp-class", "option,relay agent information", "1+relay agent information>config-dhcp-class-relayinfo,1=option"},
    {"ipv6 dhcp pool", "config-dhcpv6", "address,dns-server,domain-name,prefix-delegation,sntp,sip,information", ""},
    {"event manager applet", "config-applet", "event,action,description,trigger", "1+trigger>config-applet-trigger,1=action,1=description,1=event"},
    {"flow exporter", "config-flow-exporter", "template data,transport,source,destination,description,export-protocol,option,vrf", ""},
    {"flow monitor", "config-flow-monitor", "exporter,record,cache,description,statistics", ""},
    {"flow record", "config-flow-record", "match,collect,description", ""},
    {"redundancy", "config-red", "mode,main-cpu,application redundancy,application,inter-device,scheme", "1+main-cpu>config-r-mc,1+inter-device>config-red-interdevice,2=scheme,1+application redundancy>config-red-app,2+group>config-red-app-grp"},
    {"voice service", "conf-voi-serv", "ip address trusted,ipv4,sip,h323,allow-connections,fax,modem,redundancy-group,mode,media,address-hiding,rtp-port",
     "1+ip address trusted>cfg-iptrust-list,1+sip>conf-serv-sip,1+h323>conf-serv-h323,1=allow-connections,1=fax,1=modem,1=mode,1=media,1=address-hiding"},
    {"voice class", "config-class", "codec,rule,host,pattern", ""},
    {"voice-card", "config-voicecard", "dspfarm,dsp,codec,voice-service", ""},
    {"controller", "config-controller", "clock source,framing,linecode,cablelength,pri-group,channel-group,description,shutdown", ""},
    {"crypto isakmp profile", "conf-isa-prof", "virtual-template", ""},
    {"crypto ikev2 profile", "config-ikev2-profile", "aaa authentication,aaa authorization,aaa accounting,virtual-template,redirect", ""},
    {"voice translation-rule", "cfg-translation-rule", "rule", ""},
    {"voice-port", "config-voiceport", "description,shutdown,connection,translation-profile,caller-id,station-id", ""},
    {"dial-peer", "config-dial-peer",
     "application,service,voice-class,session,destination-pattern,incoming,port,description,shutdown,dtmf-relay,codec,preference", ""},
    {"telephony-service", "config-telephony", "ip source-address,system message,voicemail,service phone,mwi,dialplan-pattern,web", ""},
    {"sip-ua", "config-sip-ua", "authentication,credentials,registrar,retry,timers,sip-server,host-registrar,shutdown", ""},
    {"gateway", "config-gateway", "timer", ""},
    {"gatekeeper", "config-gk", "shutdown,zone", ""},
    {"call-manager-fallback", "config-cm-fallback", "ip source-address,max-ephones,max-dn,dialplan-pattern,system message", ""},
    {"application", "config-app", "service,package,param,paramspace,global,monitor", "1+service>config-app-param,1+package>config-app-param,1+global>config-app-global"},
    {"vpdn-group", "config-vpdn", "accept-dialin,request-dialin,protocol,virtual-template,terminate-from,l2tp,source-ip,description,local,lcp",
     "1=terminate-from,1=local,1=lcp,1=l2tp,1=source-ip,1=description,1+accept-dialin>config-vpdn-acc-in,1+request-dialin>config-vpdn-req-in"},
    {"spanning-tree mst configuration", "config-mst", "instance,name,revision", ""},
    {"monitor session", "config-mon-erspan-src", "source,destination,description,shutdown,erspan-id", "1+destination>config-mon-erspan-src-dst"},
    {"object-group", "config-group", "service,description", ""},
    {"object-group v6-network", "config-v6network-group", "host,description", ""},
    {"l2 vfi", "config-vfi", "vpn,bridge-domain,neighbor,l2protocol,shutdown,mtu,forward,tunnel", ""},
    {"vlan access-map", "config-access-map", "match,action,description", ""},
    {"ipc zone", "config-ipczone", "association,shutdown,protocol,local-port,local-ip,remote-port,remote-ip,retransmit-timeout,path-retransmit,assoc-retransmit,max-inbound-streams,init-timeout,keepalive",
     "1+association>config-ipczone-assoc,2=shutdown,2+protocol sctp>config-ipc-protocol-sctp,3+local-port>config-ipc-local-sctp,3+remote-port>config-ipc-remote-sctp"},
    {"ip dns view-list", "cfg-dns-view-list", "view", "1+view>cfg-dns-view-list-member,2=restrict"},
    {"ip dns view", "cfg-dns-view", "domain,dns,logging,default", ""},
    {"ip ddns update method", "DDNS-update-method", "ddns,http,internal,interval", "1=ddns,1+http>DDNS-HTTP,1=internal,1=interval,2=add,2=remove"},
    {"crypto map * gdoi fail-close", "crypto-map-fail-close", "match,client-protocol,activate", ""},
    {"crypto pki certificate pool", "ca-certificate-pool", "cabundle", ""},
    {"parser view", "config-view", "secret,commands,view", ""},
};

/// What else interfaces, routing protocols, VRFs, lines and tracked objects have.
constexpr std::string_view kOthers =
    "absolute-timeout,access-expression,activation-character,advertise,af-interface,aggregate,aggregate-address,analysis-module,apollo,area,asp,async,"
    "auto-cost,auto-ip-ring,auto-summary,autobaud,autocommand,autodetect,autohangup,autonomous,autoselect,backup,bandwidth,bcm,bgp,bgp-policy,"
    "bridge-group,bstun,bundle,cable,callback,capability,carrier-delay,cas-custom,cellular,channel-group,channel-protocol,compatible,compress,"
    "confederation,data-character-bits,databits,default-information,default-interface,default-metric,default-name,delay,dialer-group,discard-route,dispatch-character,"
    "dispatch-timeout,distance,distribute-list,domain-id,domain-tag,dot1q,down-when-looped,downstream,dsu,duplex,dxi,editing,eigrp,encapsulation,"
    "escape-character,exec,exec-banner,exec-character-bits,exec-timeout,exit-address-family,export,external,fair-queue,fast-reroute,fddi,flow-sampler,flowcontrol,flush-at-activation,"
    "forwarding,fras,full-duplex,full-help,graceful-restart,group,group-range,h323-gateway,half-duplex,hello,history,hold-queue,hold-time,hssi,ignore,ignore-dcd,"
    "ignore-error-duration,ignore-hw,import,insecure,interarea,international,inverse,invert,is-type,keepalive,l2protocol,l2protocol-tunnel,lan-name,lapb,lat,length,"
    "limit,link,linktest,linux,llc2,lnm,load-interval,local-as,local-ip,locaddr-priority,lockable,log-adjacency-changes,log-neighbor-changes,loopback,lre,lsp-gen-interval,"
    "lsp-refresh-interval,mac-address,map-group,max-lsa,max-lsp-lifetime,max-metric,max-reserved-bandwidth,maximum,maximum-paths,maximum-prefix,mdix,mdt,media-type,metric,metric-style,"
    "microloop,modem,motd-banner,mpoa,mtu,multiring,multi-topology,mvrp,nat,negotiation,neighbor,net,network,nhs,no-alarm,notify,nrzi-encoding,nsf,nsr,oam,"
    "offset-list,ospfv3,output-delay,padding,pagp,parity,pas,passive-interface,peer,physical-layer,piggyback,port-security,port-type,pos,pppoe-client,prc-interval,"
    "prefix-suppression,prefix-sid,priority,priority-group,priority-queue,private-vlan,protocol-shutdown,pulse-time,pvc,qos,queue-set,random-detect,rate-limit,rcv-queue,rd,redistribute,"
    "refuse-message,ring-speed,rotary,route-replicate,route-target,router-id,rxspeed,scope,script,sdlc,sdllc,serial,service-insertion,service-module,"
    "service-policy,session-disconnect-warning,session-limit,session-timeout,set-attached-bit,set-overload-bit,shape,shutdown,smds,snapshot,soft-reconfiguration,special-character-bits,"
    "speed,spf-interval,split-horizon,squelch,srp,srr-queue,start-character,stop-character,stopbits,storm-control,stub,summary-address,summary-prefix,suppress,"
    "switchport,synce,synchronization,tarp,telnet,terminal-type,threshold,timeout,timers,timeslot,topology,traffic-share,traffic-shape,transmit-buffers,transmit-interface,"
    "transmitter-delay,trust,tunnel,ttl-security,tx-queue,tx-ring-limit,txspeed,ucse,umbrella,unidirectional,update-source,upstream,use-bia,validate-update-source,variance,vrf,vty-async,"
    "weighting,width,window-size,wrr-queue,xconnect,xns,zone-member,list,delay,object,boolean,percentage,weight,rtr,vlan-id,vlan-range,fabric,traffic-eng,traffic,"
    "if-state,plim,evpn,voice-vlan,wavelength,lisp,cem-group,mace,autostate,transport-mode,member,host-reachability,source-interface,datalink,alarm-profile,key-wrap,"
    "queue-depth,ispf,interface-id,local-rib-criteria,bmp,send-community,inherit,flash-update-threshold,input-queue,lsp-full,domain-password,area-password,rpki,"
    "nopeerup-delay,advertise-best-external,additional-paths,soft-reconfiguration-backup,update-group,slow-peer,remote-as,ebgp-multihop,next-hop-self,"
    "route-reflector-client,allowas-in,as-override,activate,fall-over,filter-list,default-originate,send-label,advertisement-interval,disable-connected-check,"
    "dmzlink-bw,next-hop-unchanged,remove-private-as,soo,ha-mode,hello-interval,summary-metric,stub-site,dampening-change,dampening-interval,context,vnid,"
    "inter-as-hybrid,stitching,buffer-length,usb-inactivity-timeout,logout-warning,domain-lookup,notification,nhrp,nve,ssid,station-role,channel,antenna,"
    "l2vpn,load-balance,dot11,wlan,beacon,infra-client,cost,vpdn,track,timer,crypto,monitoring,input,output";

/// One setting each, so that the next line replaces it.
constexpr std::string_view kSingle =
    "banner *,aaa authentication banner,aaa authentication fail-message,macro name *,menu * title,snmp-server location,snmp-server contact,snmp-server chassis-id,"
    "clock timezone,clock summer-time,ip domain name,ip domain-name,ip default-gateway,ip ssh version,ip ssh time-out,ip ssh authentication-retries,"
    "ip mtu,mtu,bandwidth,delay,load-interval,keepalive,ip ospf cost,ip ospf priority,ip ospf network,ip ospf hello-interval,ip ospf dead-interval,"
    "ip tcp adjust-mss,ipv6 mtu,ip policy route-map,duplex,speed,media-type,mac-address,encapsulation,"
    "logging buffered,logging console,logging monitor,logging trap,logging facility,logging source-interface,router-id,bgp router-id,version,"
    "config-register,ntp source,ip http port,ip http secure-port,ip http authentication,ip http max-connections,scheduler allocate,"
    "switchport access vlan,switchport mode,switchport voice vlan,switchport trunk native vlan,channel-group,tunnel ttl,tunnel tos,"
    "transport input,transport output,transport preferred,exec-timeout,session-timeout,length,width,maximum-paths,default-metric,"
    "ntp server *,ntp server vrf * *,ntp peer *,ntp peer vrf * *,ntp authentication-key *,logging host *,snmp-server community *,"
    "snmp-server trap-source,snmp-server packetsize,enable password,enable password level *,radius-server key,radius-server timeout,"
    "radius-server retransmit,tacacs-server key,tacacs-server timeout,ip radius source-interface,ip tacacs source-interface,"
    "ip ftp username,ip ftp password,ip ftp source-interface,ip tftp source-interface,ip ssh source-interface,service timestamps log,"
    "service timestamps debug,spanning-tree mode,vtp mode,vtp domain,privilege level,alias exec *,event manager environment *,"
    "description,set metric,set local-preference,set weight,set tag,set origin,set metric-type,frequency,lease,domain-name,"
    "revocation-check,enrollment url,subject-name,rsakeypair,neighbor * remote-as,neighbor * description,neighbor * update-source,"
    "neighbor * timers,neighbor * weight,neighbor * password,neighbor * maximum-prefix,neighbor * ebgp-multihop";

/// Things by what stands before their names: a `no` needs one word more.
constexpr std::string_view kNamed =
    "access-list,alias exec,alias configure,route-map,username,ip access-list standard,ip access-list extended,ip access-list role-based,"
    "ipv6 access-list,mac access-list extended,banner,class-map,class-map match-any,class-map match-all,class-map type *,policy-map,"
    "policy-map type *,router bgp,router ospf,router ospfv3,router eigrp,ipv6 router ospf,ipv6 router eigrp,ipv6 router rip,vlan,ip nat pool,"
    "ip nat inside source list,ip nat inside source static,ip nat inside source route-map,ip nat inside destination list,"
    "ip nat outside source list,ip nat outside source static,ip nat outside source route-map,ntp server,ntp server vrf *,ntp peer,"
    "ntp peer vrf *,ntp authentication-key,ntp trusted-key,logging host,ip name-server,tacacs server,tacacs-server host,radius server,"
    "radius-server host,ip host,ip host vrf *,ipv6 host,crypto pki trustpoint,crypto pki server,crypto pki certificate chain,"
    "crypto pki certificate map,crypto ca trustpoint,crypto isakmp client configuration group,crypto isakmp peer,"
    "crypto ikev2 authorization policy,crypto ikev2 client flexvpn,crypto ikev2 name-mangler,crypto ipsec client ezvpn,key chain,"
    "event manager applet,event manager environment,event manager policy,ip community-list,ip community-list standard,"
    "ip community-list expanded,ip as-path access-list,ip extcommunity-list,ip extcommunity-list standard,ip extcommunity-list expanded,"
    "object-group network,object-group service,object-group security,dial-peer voice,zone security,zone-pair security,parameter-map type *,"
    "flow exporter,flow monitor,flow record,ip dhcp pool,ip dhcp class,ip dhcp excluded-address,ip dhcp excluded-address vrf *,"
    "ipv6 dhcp pool,time-range,track,ip sla,ip sla schedule,ip sla reaction-configuration,ip sla monitor,monitor session,"
    "aaa group server radius,aaa group server tacacs+,aaa group server ldap,aaa authentication *,aaa authorization *,aaa accounting *,"
    "ip local pool,vpdn-group,template,menu,kron policy-list,kron occurrence,bridge-domain,pseudowire-class,neighbor,network,"
    "snmp-server community,snmp-server host,snmp-server user,snmp-server group,snmp-server view,snmp-server enable,interface,class,match,"
    "address-family,redistribute,privilege exec level *,privilege configure level *";

/// Commands whose `no` takes all their lines away, as on IOS.
constexpr std::string_view kWhole = "switchport,snmp-server,archive,ip helper-address,service timestamps,call-home,redundancy";

/// Pairs of phrases that begin the same line; `#` is an address.
constexpr std::string_view kSpellings = "logging #,logging host #,ip domain-name,ip domain name,ip domain-list,ip domain list";

constexpr std::string_view kThings =
    "access-list,route-map,username,snmp-server,ip access-list,mac access-list,banner,class-map,policy-map,router,ipv6 router,vlan,ip nat pool,"
    "ip nat inside,ip nat outside,ntp server,ntp peer,ntp authentication-key,ntp trusted-key,logging host,ip name-server,tacacs server,"
    "tacacs-server host,radius server,radius-server host,ip host,ipv6 host,class,match,crypto pki,crypto ca,crypto key,key chain,event manager,alias,"
    "ip community-list,ip as-path,ip extcommunity-list,object-group,dial-peer,zone,zone-pair,parameter-map,flow exporter,flow monitor,"
    "flow record,ip dhcp pool,ip dhcp excluded-address,ipv6 dhcp pool,time-range,track,ip sla,monitor session,aaa group,ip local pool,"
    "crypto isakmp client,crypto isakmp peer,vpdn-group,archive,template,menu,kron,bridge-domain,l2vpn,pseudowire-class,neighbor,network";

constexpr std::string_view kSwitches =
    "ip domain lookup,ip domain-lookup,ip cef,ipv6 cef,mls qos,ip igmp snooping,ip dhcp snooping,ip http server,ip route-cache,ip redirects,ip unreachables,ip mask-reply,snmp trap link-status,cdp enable,"
    "ip proxy-arp,switchport,aaa new-model,cdp run,ip multicast-routing,spanning-tree,ip source-route,lldp run,logging console,logging monitor,"
    "ip gratuitous-arps,ip dhcp use,service dhcp,keepalive,shutdown,auto-summary,ip subnet-zero,ip classless,exec";

template <class Take>
void for_each_phrase(std::string_view list, const Take& take) {
  for (std::size_t at = 0; at < list.size();) {
    const auto end = std::min(list.find(',', at), list.size());
    take(list.substr(at, end - at));
    at = end + 1;
  }
}

bool begins_with_words(const LexedLine& line, std::size_t first, const Words& wanted) {
  if (first + wanted.size() > line.words.size()) return false;
  return std::equal(wanted.begin(), wanted.end(), line.words.begin() + static_cast<std::ptrdiff_t>(first),
                    [](auto want, const LexedWord& word) { return want == "*" || want == word.text; });
}

/// Phrases by their first word.
class PhraseBook {
 public:
  explicit PhraseBook(std::string_view list) {
    for_each_phrase(list, [&](std::string_view phrase) {
      auto words = split_words(phrase);
      const auto first = words.front();
      by_first_[first].push_back(std::move(words));
    });
  }

  /// The words of the longest phrase that the line begins with.
  [[nodiscard]] std::size_t longest(const LexedLine& line, std::size_t first) const {
    if (first >= line.words.size()) return 0;
    const auto found = by_first_.find(line.words[first].text);
    if (found == by_first_.end()) return 0;
    std::size_t longest = 0;
    for (const auto& words : found->second) {
      if (begins_with_words(line, first, words)) longest = std::max(longest, words.size());
    }
    return longest;
  }

  /// Whether the line, from `first` to its end, only begins a phrase.
  [[nodiscard]] bool goes_on(const LexedLine& line, std::size_t first) const {
    const auto count = line.words.size() - first;
    const auto found = by_first_.find(line.words[first].text);
    if (found == by_first_.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](const Words& words) {
      const auto at = line.words.begin() + static_cast<std::ptrdiff_t>(first);
      return words.size() > count && std::equal(at, line.words.end(), words.begin(), [](const LexedWord& word, auto want) { return want == word.text; });
    });
  }

  [[nodiscard]] bool has_beginning(std::string_view start) const {
    return std::any_of(by_first_.begin(), by_first_.end(), [&](const auto& entry) { return is_beginning_of(start, entry.first); });
  }

 private:
  std::unordered_map<std::string_view, std::vector<Words>> by_first_;
};

struct Inner {
  Words words;
  InnerLine line;
};

struct ReadSection {
  Words opener;
  std::string_view prompt;
  PhraseBook own;
  std::vector<Inner> inner;
  bool nests_freely = false;
};

Inner read_inner(std::string_view text) {
  Inner inner;
  inner.line.level = static_cast<std::uint32_t>(text[0] - '0');
  inner.line.kind = text[1] == '+' ? InnerLine::Kind::Opens : text[1] == '-' ? InnerLine::Kind::Closes : InnerLine::Kind::Stands;
  const auto prompt = std::min(text.find('>'), text.size());
  inner.words = split_words(text.substr(2, prompt - 2));
  inner.line.prompt = text.substr(std::min(prompt + 1, text.size()));
  return inner;
}

const std::vector<ReadSection>& sections() {
  static const auto kRead = [] {
    std::vector<ReadSection> read;
    for (const auto& section : kSections) {
      read.push_back({split_words(section.opener), section.prompt, PhraseBook(section.own), {}, false});
      read.back().nests_freely = section.inner == "*";
      if (read.back().nests_freely) continue;
      for_each_phrase(section.inner, [&](std::string_view inner) { read.back().inner.push_back(read_inner(inner)); });
    }
    return read;
  }();
  return kRead;
}

/// The section with the most words of `opener`.
const ReadSection* find_section(std::string_view opener) {
  const auto line = lex_line(opener.substr(0, opener.find('\n')));
  const ReadSection* best = nullptr;
  for (const auto& section : sections()) {
    if (begins_with_words(line, 0, section.opener) && (best == nullptr || section.opener.size() > best->opener.size())) best = &section;
  }
  return best;
}

}  // namespace

NoReach reach_of_no(const LexedLine& line, std::size_t first, bool is_global) {
  static const PhraseBook kGlobalBook(kGlobal);
  static const PhraseBook kNamedBook(kNamed);
  static const PhraseBook kSingleBook(kSingle);
  static const PhraseBook kWholeBook(kWhole);
  const auto count = line.words.size() - first;
  if (kWholeBook.longest(line, first) == count) return NoReach::OneThing;
  const auto named = kNamedBook.longest(line, first);
  if (kSingleBook.longest(line, first) == count || (named > 0 && named < count)) return NoReach::OneThing;
  const bool goes_on = kNamedBook.goes_on(line, first) || kSingleBook.goes_on(line, first) || (is_global && kGlobalBook.goes_on(line, first));
  return named == count || goes_on ? NoReach::TooShort : NoReach::OneLine;
}

std::string other_spelling(const LexedLine& line) {
  static const auto kRead = [] {
    std::vector<Words> read;
    for_each_phrase(kSpellings, [&](std::string_view phrase) { read.push_back(split_words(phrase)); });
    return read;
  }();
  for (std::size_t i = 0; i < kRead.size(); ++i) {
    const auto& from = kRead[i];
    const bool is_this = line.words.size() >= from.size() && std::equal(from.begin(), from.end(), line.words.begin(), [](auto want, const LexedWord& word) {
                           return want == "#" ? IpAddress::try_parse(word.text).has_value() : want == word.text;
                         });
    if (!is_this) continue;
    std::string other;
    for (const auto word : kRead[i ^ 1U]) {
      if (!other.empty()) other += ' ';
      other += word == "#" ? line.words[from.size() - 1].text : word;
    }
    return other;
  }
  return {};
}

std::size_t global_words(const LexedLine& line, std::size_t first) {
  static const PhraseBook kBook(kGlobal);
  return kBook.longest(line, first);
}

std::size_t section_words(std::string_view opener, const LexedLine& line, std::size_t first) {
  const auto* section = find_section(opener);
  return section != nullptr ? section->own.longest(line, first) : 0;
}

bool begins_global_command(std::string_view word) {
  static const PhraseBook kBook(kGlobal);
  static const PhraseBook kMore(kShared);
  return kBook.has_beginning(word) || kMore.has_beginning(word);
}

bool begins_any_command(std::string_view word) {
  static const PhraseBook kBook(kOthers);
  const auto is_of_section = [&](const ReadSection& section) {
    return section.own.has_beginning(word) ||
           std::any_of(section.inner.begin(), section.inner.end(), [&](const Inner& inner) { return is_beginning_of(word, inner.words.front()); });
  };
  return begins_global_command(word) || kBook.has_beginning(word) || std::any_of(sections().begin(), sections().end(), is_of_section);
}

std::optional<InnerLine> inner_line(std::string_view opener, const LexedLine& line, std::size_t first) {
  const auto* section = find_section(opener);
  if (section == nullptr || section->inner.empty()) return std::nullopt;
  for (const auto& inner : section->inner) {
    if (begins_with_words(line, first, inner.words)) return inner.line;
  }
  return std::nullopt;
}

bool nests_freely(std::string_view opener) {
  const auto* section = find_section(opener);
  return section == nullptr || section->nests_freely;
}

std::string_view carried_prompt(std::string_view opener) {
  const auto* section = find_section(opener);
  return section != nullptr ? section->prompt : "config-carried";
}

std::size_t single_setting_words(const LexedLine& line) {
  static const PhraseBook kBook(kSingle);
  return kBook.longest(line, 0);
}

bool names_a_thing(const LexedLine& line, std::size_t first) {
  static const PhraseBook kBook(kThings);
  return kBook.longest(line, first) > 0;
}

bool is_switch(const LexedLine& line, std::size_t first) {
  static const PhraseBook kBook(kSwitches);
  const auto words = kBook.longest(line, first);
  return words > 0 && first + words == line.words.size();
}

}  // namespace rri
