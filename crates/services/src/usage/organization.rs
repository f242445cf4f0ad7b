//! How much the projects of an organization are used, together and each.

use domain::{
    Action, Result,
    usage::{OrganizationUsage, TopUsage, UsageRange},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::Expr,
};

use super::{UsageCounts, number};
use crate::{
    Caller,
    database::failed,
    entity::{project, usage_hour},
    project::{join, visible},
};

/// In each list of what is called most.
const TOP: u64 = 10;

#[derive(FromQueryResult)]
struct Row {
    slug: String,
    name: String,
    server: String,
    tool: String,
    calls: i64,
    errors: i64,
}

/// Of what a row of the list is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Project,
    Server,
    Tool,
}

impl UsageCounts<'_> {
    /// The calls of those projects of an organization that the caller may see.
    pub async fn organization(
        &self,
        caller: &Caller,
        organization: &str,
        range: UsageRange,
    ) -> Result<OrganizationUsage> {
        let owner = self.0.organizations().authorize(caller, organization, Action::ViewOrganization).await?;
        let wanted = Condition::all().add(project::Column::OrganizationId.eq(owner.id)).add(visible(caller));
        let projects = project::Entity::find().select_only().column(project::Column::Id).filter(wanted);
        let within = || {
            usage_hour::Entity::find()
                .filter(usage_hour::Column::ProjectId.in_subquery(projects.clone().into_query()))
                .filter(usage_hour::COLUMN.hour.gte(self.first_hour(range)))
        };
        let points = self.points(within(), range).await?;
        let top = async |of| self.top(within(), &owner.slug, of).await;
        Ok(OrganizationUsage {
            range,
            calls: points.iter().map(|point| point.calls).sum(),
            errors: points.iter().map(|point| point.errors).sum(),
            points,
            projects: top(Of::Project).await?,
            servers: top(Of::Server).await?,
            tools: top(Of::Tool).await?,
        })
    }

    async fn top(&self, within: Select<usage_hour::Entity>, owner: &str, of: Of) -> Result<Vec<TopUsage>> {
        let text = |column: &str, shown: bool| match shown {
            true => Expr::cust(format!("MAX(usage_hour.{column})")),
            false => Expr::cust("''"),
        };
        let mut query = within
            .select_only()
            .column_as(Expr::cust("MAX(project.slug)"), "slug")
            .column_as(Expr::cust("MAX(project.name)"), "name")
            .column_as(text("server_name", of != Of::Project), "server")
            .column_as(text("tool", of == Of::Tool), "tool")
            .column_as(Expr::cust("CAST(SUM(usage_hour.calls) AS BIGINT)"), "calls")
            .column_as(Expr::cust("CAST(SUM(usage_hour.errors) AS BIGINT)"), "errors")
            .join(JoinType::InnerJoin, join::of_usage())
            .group_by(usage_hour::Column::ProjectId);
        if of != Of::Project {
            query =
                query.filter(usage_hour::COLUMN.server_name.ne("")).group_by(usage_hour::Column::ServerId);
        }
        if of == Of::Tool {
            query = query.filter(usage_hour::COLUMN.tool.ne("")).group_by(usage_hour::Column::Tool);
        }
        let rows: Vec<Row> = query
            .order_by(Expr::cust("SUM(usage_hour.calls)"), Order::Desc)
            .order_by(Expr::cust("MAX(project.slug)"), Order::Asc)
            .limit(TOP)
            .into_model()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the usage of an organization"))?;
        let view = |row: Row| TopUsage {
            project: format!("{owner}.{}", row.slug),
            project_name: row.name,
            server: row.server,
            tool: row.tool,
            calls: number(row.calls),
            errors: number(row.errors),
        };
        Ok(rows.into_iter().map(view).collect())
    }
}
