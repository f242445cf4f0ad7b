//! How much tools are used, read from the counts that the log keeps by hour.

use std::collections::BTreeMap;

use chrono::DateTime;
use domain::{
    Action, Error, ProjectId, Result,
    usage::{ToolUsage, Usage, UsagePoint, UsageRange},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, sea_query::Expr,
};

use crate::{
    Caller, Services,
    database::failed,
    entity::{project, usage_hour},
};

pub(crate) mod count;
mod organization;

/// Tools in each list of the worst.
const WORST: u64 = 5;

pub struct UsageCounts<'a>(pub(crate) &'a Services);

#[derive(FromQueryResult)]
struct Bucket {
    bucket: i32,
    calls: i64,
    errors: i64,
}

#[derive(FromQueryResult)]
struct Tool {
    server_name: String,
    tool: String,
    calls: i64,
    errors: i64,
    mean_ms: i64,
    max_ms: i64,
}

impl UsageCounts<'_> {
    /// The calls of a project's tools.
    pub async fn project(&self, caller: &Caller, project: &str, range: UsageRange) -> Result<Usage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewLogs).await?;
        let within = || {
            usage_hour::Entity::find()
                .filter(usage_hour::COLUMN.project_id.eq(project.id.0))
                .filter(usage_hour::COLUMN.hour.gte(self.first_hour(range)))
        };
        let points = self.points(within(), range).await?;
        let slowest = self.tools(within(), "SUM(total_ms) / SUM(calls)").await?;
        let mut failing = self.tools(within(), "SUM(errors)").await?;
        failing.retain(|tool| tool.errors > 0);
        Ok(Usage {
            range,
            calls: points.iter().map(|point| point.calls).sum(),
            errors: points.iter().map(|point| point.errors).sum(),
            points,
            slowest,
            failing,
        })
    }

    /// The calls of all projects that the caller may see, together.
    pub async fn visible(&self, caller: &Caller, range: UsageRange) -> Result<Vec<UsagePoint>> {
        // By project also for who sees all: the counts are kept in the order of projects, not of hours.
        let mut projects = project::Entity::find().select_only().column(project::Column::Id);
        if let Some((organizations, own)) = caller.scope() {
            projects = projects.filter(
                Condition::any()
                    .add(project::Column::OrganizationId.is_in(organizations.iter().map(|id| id.0)))
                    .add(project::Column::Id.is_in(own.iter().map(|id| id.0))),
            );
        }
        let within = usage_hour::Entity::find()
            .filter(usage_hour::Column::ProjectId.in_subquery(projects.into_query()))
            .filter(usage_hour::COLUMN.hour.gte(self.first_hour(range)));
        self.points(within, range).await
    }

    /// Deletes counts of a project from before `hour`.
    pub(crate) async fn prune(&self, project: ProjectId, before: domain::Timestamp) -> Result<()> {
        usage_hour::Entity::delete_many()
            .filter(usage_hour::COLUMN.project_id.eq(project.0))
            .filter(usage_hour::COLUMN.hour.lt(count::hour(before)))
            .exec(&self.0.inner.database.writer)
            .await
            .map(drop)
            .map_err(failed("deleting old usage"))
    }

    /// Where the first point begins. Points begin at whole steps, so that one does not change its
    /// calls as time goes on.
    fn first_hour(&self, range: UsageRange) -> i32 {
        let (step, points) = steps(range);
        (count::hour(self.0.clock().now()) / step - points + 1) * step
    }

    async fn points(&self, within: Select<usage_hour::Entity>, range: UsageRange) -> Result<Vec<UsagePoint>> {
        let (step, points) = steps(range);
        let rows = within
            .select_only()
            // A constant in the text: as a parameter it would be another expression to PostgreSQL each time.
            .column_as(Expr::cust(format!("hour / {step}")), "bucket")
            .column_as(Expr::cust("CAST(SUM(calls) AS BIGINT)"), "calls")
            .column_as(Expr::cust("CAST(SUM(errors) AS BIGINT)"), "errors")
            .group_by(Expr::cust("bucket"))
            .into_model::<Bucket>()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading usage"))?;
        let counted: BTreeMap<_, _> = rows.into_iter().map(|row| (row.bucket, row)).collect();
        let first = self.first_hour(range) / step;
        let point = |bucket: i32| {
            let row = counted.get(&bucket);
            let at = DateTime::from_timestamp(i64::from(bucket) * i64::from(step) * 3_600, 0);
            Ok(UsagePoint {
                at: at.ok_or_else(|| Error::internal("an hour outside of time"))?,
                calls: row.map_or(0, |row| number(row.calls)),
                errors: row.map_or(0, |row| number(row.errors)),
            })
        };
        (first..first + points).map(point).collect()
    }

    /// The tools with most of `worst`, an expression over the rows of one.
    async fn tools(&self, within: Select<usage_hour::Entity>, worst: &'static str) -> Result<Vec<ToolUsage>> {
        let rows = within
            .filter(usage_hour::COLUMN.tool.ne(""))
            .select_only()
            .column(usage_hour::Column::Tool)
            .column_as(Expr::cust("MAX(server_name)"), "server_name")
            .column_as(Expr::cust("CAST(SUM(calls) AS BIGINT)"), "calls")
            .column_as(Expr::cust("CAST(SUM(errors) AS BIGINT)"), "errors")
            .column_as(Expr::cust("CAST(SUM(total_ms) / SUM(calls) AS BIGINT)"), "mean_ms")
            .column_as(Expr::cust("MAX(max_ms)"), "max_ms")
            .group_by(usage_hour::Column::ServerId)
            .group_by(usage_hour::Column::Tool)
            .order_by(Expr::cust(worst), Order::Desc)
            .order_by(usage_hour::Column::Tool, Order::Asc)
            .limit(WORST)
            .into_model::<Tool>()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the usage of tools"))?;
        Ok(rows.into_iter().map(view).collect())
    }
}

fn steps(range: UsageRange) -> (i32, i32) {
    let whole = |n| i32::try_from(n).unwrap_or(1);
    (whole(range.step_hours()), whole(range.points()))
}

fn number(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

fn view(row: Tool) -> ToolUsage {
    ToolUsage {
        server: row.server_name,
        tool: row.tool,
        calls: number(row.calls),
        errors: number(row.errors),
        mean_ms: number(row.mean_ms),
        max_ms: number(row.max_ms),
    }
}
