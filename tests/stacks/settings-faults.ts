/** Config keys and their texts, as Pulumi hands them over; an undefined one is left out. */
export type Config = Readonly<Record<string, string | undefined>>;

/** One change of a sound config each, and the one line it must give. */
export const FAULTS: readonly (readonly [sentence: string, change: Config, line: string])[] = [
  [
    "a stage that does not exist",
    { "platform:stage": "monolit" },
    'platform:stage: "monolit" is given; allowed: monolith, scaled. To set it: pulumi config set platform:stage monolith',
  ],
  [
    "no stage",
    { "platform:stage": undefined },
    "platform:stage: nothing is given; allowed: monolith, scaled. To set it: pulumi config set platform:stage monolith",
  ],
  [
    "a stage beside itself",
    { "platform:alongside": "monolith", "platform:domain": "shop.example.com", "platform:zoneId": "Z0123456789ABCDEFGHIJ" },
    'platform:alongside: "monolith" is given; allowed beside monolith: scaled. To set it: pulumi config set platform:alongside scaled',
  ],
  [
    "a stage above monolith without a domain",
    { "platform:stage": "scaled" },
    "platform:domain: nothing is given; allowed at every stage above monolith: a full name, for the load balancer's certificate. To set it: pulumi config set platform:domain shop.example.com",
  ],
  [
    "more servers at least than at most",
    { "platform:serversMin": "7" },
    'platform:serversMin: "7" is given; allowed: at most platform:serversMax, which is 6. To set it: pulumi config set platform:serversMin 2',
  ],
  [
    "a node of no cache",
    { "platform:cacheNodeType": "t4g.small" },
    'platform:cacheNodeType: "t4g.small" is given; allowed: a node type of ElastiCache. To set it: pulumi config set platform:cacheNodeType cache.t4g.small',
  ],
  [
    "a malformed network",
    { "platform:cidr": "10.0.0/16" },
    'platform:cidr: "10.0.0/16" is given; allowed: a /16 of 10.0.0.0/8 or 172.16.0.0/12. To set it: pulumi config set platform:cidr 10.0.0.0/16',
  ],
  [
    "a network with address bits behind its prefix",
    { "platform:cidr": "10.0.1.0/16" },
    'platform:cidr: "10.0.1.0/16" is given; allowed: a /16 of 10.0.0.0/8 or 172.16.0.0/12. To set it: pulumi config set platform:cidr 10.0.0.0/16',
  ],
  [
    "a network that is not a /16",
    { "platform:cidr": "10.0.0.0/20" },
    'platform:cidr: "10.0.0.0/20" is given; allowed: a /16 of 10.0.0.0/8 or 172.16.0.0/12. To set it: pulumi config set platform:cidr 10.0.0.0/16',
  ],
  [
    "a network of public addresses",
    { "platform:cidr": "172.32.0.0/16" },
    'platform:cidr: "172.32.0.0/16" is given; allowed: a /16 of 10.0.0.0/8 or 172.16.0.0/12. To set it: pulumi config set platform:cidr 10.0.0.0/16',
  ],
  [
    "a network in which the later regions have no room",
    { "platform:cidr": "192.168.0.0/16" },
    'platform:cidr: "192.168.0.0/16" is given; allowed: a /16 of 10.0.0.0/8 or 172.16.0.0/12. To set it: pulumi config set platform:cidr 10.0.0.0/16',
  ],
  [
    "a network of the company that overlaps a later region's",
    { "platform:otherCidrs": '["192.168.0.0/24","10.7.1.0/24"]' },
    'platform:otherCidrs: "10.7.1.0/24" is given; allowed: nothing that overlaps 10.0.0.0/13, the range of platform:cidr 10.0.0.0/16 and the regions to come (or choose another platform:cidr). ' +
      `To set it: pulumi config set platform:otherCidrs '["10.128.0.0/16"]'`,
  ],
  [
    "a region that does not exist, and names the nearest",
    { "aws:region": "eu-centrl-1" },
    'aws:region: "eu-centrl-1" is given; allowed: a region of AWS; the nearest is eu-central-1. To set it: pulumi config set aws:region eu-central-1',
  ],
  [
    "a zone of another region",
    { "platform:zones": '["eu-west-1a","eu-central-1b","eu-central-1c"]' },
    'platform:zones: ["eu-west-1a","eu-central-1b","eu-central-1c"] is given; allowed: zones of the region eu-central-1, such as eu-central-1a. ' +
      `To set it: pulumi config set platform:zones '["eu-central-1a","eu-central-1b","eu-central-1c"]'`,
  ],
  [
    "two zones instead of three",
    { "platform:zones": '["eu-central-1a","eu-central-1b"]' },
    'platform:zones: ["eu-central-1a","eu-central-1b"] is given; allowed: exactly three different zones of the region, as a list. ' +
      `To set it: pulumi config set platform:zones '["eu-central-1a","eu-central-1b","eu-central-1c"]'`,
  ],
  [
    "zones that are no list",
    { "platform:zones": "eu-central-1a" },
    'platform:zones: "eu-central-1a" is given; allowed: exactly three different zones of the region, as a list. ' +
      `To set it: pulumi config set platform:zones '["eu-central-1a","eu-central-1b","eu-central-1c"]'`,
  ],
  [
    "two accounts",
    { "aws:allowedAccountIds": '["123456789012","210987654321"]' },
    'aws:allowedAccountIds: ["123456789012","210987654321"] is given; allowed: exactly one account id of 12 digits, as a list. ' +
      `To set it: pulumi config set aws:allowedAccountIds '["123456789012"]'`,
  ],
  [
    "a domain without the zone in which it lies",
    { "platform:domain": "shop.example.com" },
    'platform:zoneId: nothing is given, but platform:domain is "shop.example.com"; allowed: the id of the Route 53 zone in which that name lies. ' +
      "To set it: pulumi config set platform:zoneId Z0123456789ABCDEFGHIJ",
  ],
  [
    "a zone without a domain in it",
    { "platform:zoneId": "Z0123456789ABCDEFGHIJ" },
    'platform:domain: nothing is given, but platform:zoneId is "Z0123456789ABCDEFGHIJ"; allowed: a full name in that zone. ' +
      "To set it: pulumi config set platform:domain shop.example.com",
  ],
  [
    "no image",
    { "platform:image": undefined },
    "platform:image: nothing is given; allowed: a container image with its tag or digest. To set it: pulumi config set platform:image ghcr.io/example/shop:0.1.0",
  ],
  [
    "an image without a tag, which would be another one tomorrow",
    { "platform:image": "ghcr.io/example/shop" },
    'platform:image: "ghcr.io/example/shop" is given; allowed: a container image with its tag or digest. To set it: pulumi config set platform:image ghcr.io/example/shop:0.1.0',
  ],
  [
    "an image that would break out of its command line",
    { "platform:image": "shop:1 --privileged" },
    'platform:image: "shop:1 --privileged" is given; allowed: a container image with its tag or digest. To set it: pulumi config set platform:image ghcr.io/example/shop:0.1.0',
  ],
  [
    "a disk that is too small",
    { "platform:diskGib": "4" },
    'platform:diskGib: "4" is given; allowed: 8 to 16384, whole. To set it: pulumi config set platform:diskGib 20',
  ],
  [
    "a disk in another unit",
    { "platform:diskGib": "20GB" },
    'platform:diskGib: "20GB" is given; allowed: 8 to 16384, whole. To set it: pulumi config set platform:diskGib 20',
  ],
  [
    "a database capacity between two halves",
    { "platform:databaseMinAcu": "0.7" },
    'platform:databaseMinAcu: "0.7" is given; allowed: 0 to 256 in steps of 0.5. To set it: pulumi config set platform:databaseMinAcu 0.5',
  ],
  [
    "a database capacity above what Aurora has",
    { "platform:databaseMaxAcu": "300" },
    'platform:databaseMaxAcu: "300" is given; allowed: 1 to 256 in steps of 0.5. To set it: pulumi config set platform:databaseMaxAcu 8',
  ],
  [
    "a least capacity above the most",
    { "platform:databaseMinAcu": "16" },
    'platform:databaseMinAcu: "16" is given; allowed: at most platform:databaseMaxAcu, which is 8. To set it: pulumi config set platform:databaseMinAcu 0.5',
  ],
  [
    "backups for less than a week",
    { "platform:databaseBackupDays": "1" },
    'platform:databaseBackupDays: "1" is given; allowed: 7 to 35, whole. To set it: pulumi config set platform:databaseBackupDays 14',
  ],
  [
    "a protection that is neither true nor false",
    { "platform:protect": "yes" },
    'platform:protect: "yes" is given; allowed: true, false. To set it: pulumi config set platform:protect true',
  ],
  [
    "an address that is none",
    { "platform:alarmEmail": "oncall" },
    'platform:alarmEmail: "oncall" is given; allowed: an e-mail address. To set it: pulumi config set platform:alarmEmail oncall@example.com',
  ],
  [
    "a name that some AWS service would refuse",
    { "platform:name": "My_Shop" },
    'platform:name: "My_Shop" is given; allowed: 2 to 24 small letters, digits and single hyphens, a letter first. To set it: pulumi config set platform:name platform',
  ],
  [
    "a misspelt key, and names the nearest",
    { "platform:imge": "x" },
    "platform:imge: no such key is known; did you mean platform:image? To take it away: pulumi config rm platform:imge",
  ],
  [
    "a key in a misspelt namespace",
    { "platfrom:logDays": "30" },
    "platfrom:logDays: no such key is known; did you mean platform:logDays? To take it away: pulumi config rm platfrom:logDays",
  ],
  [
    "a misspelt key of the provider",
    { "aws:regoin": "eu-west-1" },
    "aws:regoin: no such key is known; did you mean aws:region? To take it away: pulumi config rm aws:regoin",
  ],
];
