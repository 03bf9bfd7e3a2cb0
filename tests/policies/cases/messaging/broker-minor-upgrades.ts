import rule from "../../../../policies/rules/messaging/broker-minor-upgrades.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(rule, onCases("aws:mq/broker:Broker", "a broker", "autoMinorVersionUpgrade"));
