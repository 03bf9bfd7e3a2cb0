import { Budget } from "@pulumi/aws/budgets/budget.js";
import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import type { Tags } from "../shared/tags.ts";
import type { Severity } from "./alarm-topics.ts";
import { serverPlatformAlarms, type Watched } from "./alarms.ts";
import { serverPlatformDashboard } from "./dashboard.ts";

/** What the caller decides about {@link Monitoring}. */
export interface MonitoringArgs {
  /** The region of what is watched. */
  readonly region: string;
  /** What is watched: names and ids by which CloudWatch knows the parts. */
  readonly watched: Watched;
  /** Where alarms go, by severity. */
  readonly topicArns: Readonly<Record<Severity, pulumi.Input<string>>>;
  /** What the account may cost a month; mail comes at 80 % spent and at 100 % forecast. */
  readonly monthlyBudgetUsd: number;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * The alarms of a platform on one server, a dashboard, and a budget for the account.
 *
 * Alarms speak when they go off and when all is well again.
 *
 * **Cost**: 0.10 USD a month for each of 13 alarms (0.20 USD for the error rate, which reads two metrics), so 1.40 USD; 3 USD for the dashboard after the
 * account's first three; the budget is free.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Where people see the dashboard, in the console of AWS. */
  readonly dashboardUrl: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: MonitoringArgs;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBetween(`Monitoring "${name}": monthlyBudgetUsd`, args.monthlyBudgetUsd, 1, 1_000_000);
    super("platform:observability:Monitoring", name, {}, opts);
    this.#name = name;
    this.#args = args;

    this.#alarms();
    this.#budget();
    const dashboard = this.#dashboard();

    const { region } = args;
    const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
    this.dashboardUrl = pulumi.interpolate`${console}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ dashboardUrl: this.dashboardUrl });
  }

  #alarms(): void {
    const { region, tags, topicArns, watched } = this.#args;
    for (const [role, { acts, args, severity }] of Object.entries(serverPlatformAlarms(watched, region))) {
      const tell = [topicArns[severity]];
      const alarmActions = acts === undefined ? tell : [...tell, acts];
      new MetricAlarm(`${this.#name}-${role}`, { ...args, alarmActions, okActions: tell, tags }, { parent: this });
    }
  }

  #dashboard(): Dashboard {
    const dashboardBody = pulumi.jsonStringify(serverPlatformDashboard(this.#args.watched, this.#args.region));
    return new Dashboard(`${this.#name}-dashboard`, { dashboardName: this.#name, dashboardBody }, { parent: this });
  }

  #budget(): void {
    const { monthlyBudgetUsd, tags, topicArns } = this.#args;
    const notice = (notificationType: string, threshold: number) => ({
      comparisonOperator: "GREATER_THAN",
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [topicArns.warning],
    });
    new Budget(
      `${this.#name}-budget`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(monthlyBudgetUsd),
        limitUnit: "USD",
        notifications: [notice("ACTUAL", 80), notice("FORECASTED", 100)],
        tags,
      },
      { parent: this },
    );
  }
}
