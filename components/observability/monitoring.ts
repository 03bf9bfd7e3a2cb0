import { Budget } from "@pulumi/aws/budgets/budget.js";
import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import type { Tags } from "../shared/tags.ts";
import type { Severity } from "./alarm-topics.ts";
import { platformAlarms } from "./alarms.ts";
import { platformDashboard } from "./dashboard.ts";
import { makeAlarms } from "./make-alarms.ts";
import type { Watched } from "./watched.ts";

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
 * The alarms of a platform, a dashboard, and a budget for the account. Each part that is watched brings its own alarms and graphs, and those of the others keep their names.
 *
 * Alarms speak when they go off and when all is well again, and say where it is written what to do. What AWS measures in us-east-1 only, such as a delivery network, has
 * its alarms in an `EdgeMonitoring`.
 *
 * **Cost**: 0.10 USD a month for each metric that an alarm reads: 1.40 USD for the 13 alarms of one server and its database, some 4 USD for the 30 of a fleet, workers, cache and
 * queue; 3 USD for the dashboard after the account's first three; the budget is free.
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
    makeAlarms(this.#name, platformAlarms(watched, region), { topicArns, tags }, { parent: this });
  }

  #dashboard(): Dashboard {
    const dashboardBody = pulumi.jsonStringify(platformDashboard(this.#args.watched, this.#args.region));
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
