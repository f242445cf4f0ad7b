//! What the first page tells: what needs somebody, and what was changed lately.

use chrono::TimeDelta;
use domain::{
    Result, Role, Timestamp,
    audit::AuditEvent,
    home::{Attention, Matter, RecentChange},
    server::Status,
    tool::CHANGES_TOLD,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, Query},
};

use crate::{
    Caller, Services, audit,
    database::failed,
    entity::{api_key, audit_event, history_visit, organization, project, server, server_list, server_state},
    key::CLIENT,
    log::code,
    project::{join, visible, visible_as},
};

/// Of failed servers, and of keys: more is no list to work through but a page of its own.
const MATTERS: u64 = 20;
/// How long before its end a key is spoken of, and how long after.
const BEFORE: TimeDelta = TimeDelta::days(14);
const AFTER: TimeDelta = TimeDelta::days(7);
/// How far back changes are looked for.
const LATELY: TimeDelta = TimeDelta::days(90);

pub struct Home<'a>(pub(crate) &'a Services);

#[derive(FromQueryResult)]
struct FailedServer {
    name: String,
    code: Option<String>,
    observed_at: Timestamp,
    project_name: String,
    slug: String,
    organization_slug: String,
}

#[derive(FromQueryResult)]
struct ChangedServer {
    name: String,
    changed_at: Timestamp,
    project_name: String,
    slug: String,
    organization_slug: String,
}

#[derive(FromQueryResult)]
struct EndingKey {
    name: String,
    expires_at: Timestamp,
    project_name: String,
    slug: String,
    organization_slug: String,
}

#[derive(FromQueryResult)]
struct Change {
    #[sea_orm(nested)]
    event: audit_event::Model,
    project_name: String,
    slug: String,
    organization_slug: String,
}

impl Home<'_> {
    /// Failed servers, then servers that changed their tools, the latest first each, then keys by their
    /// end. Keys are for those who may manage them.
    pub async fn attention(&self, caller: &Caller) -> Result<Vec<Attention>> {
        let reader = &self.0.inner.database.reader;
        let mut found = failed_servers(reader, caller).await?;
        let now = self.0.clock().now();
        found.extend(changed_servers(reader, caller, now).await?);
        found.extend(ending_keys(reader, caller, now).await?);
        Ok(found)
    }

    /// The last changes of all projects that the caller may see, newest first.
    pub async fn changes(&self, caller: &Caller, count: u64) -> Result<Vec<RecentChange>> {
        // Ids grow with time, so this bounds what is read however long the trail is.
        let since = audit::first_id(self.0.clock().now() - LATELY);
        let rows: Vec<Change> = audit_event::Entity::find()
            .column_as(project::Column::Name, "project_name")
            .column_as(project::Column::Slug, "slug")
            .column_as(organization::Column::Slug, "organization_slug")
            .join(JoinType::InnerJoin, join::of_event())
            .join(JoinType::InnerJoin, join::owner())
            .filter(visible(caller))
            .filter(audit_event::COLUMN.id.gte(since.0))
            .order_by_desc(audit_event::Column::Id)
            .limit(count)
            .into_model()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading changes"))?;
        let view = |row: Change| RecentChange {
            event: AuditEvent { change: serde_json::Value::Null, ..audit::view(row.event) },
            project: format!("{}.{}", row.organization_slug, row.slug),
            project_name: row.project_name,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

async fn failed_servers(connection: &impl ConnectionTrait, caller: &Caller) -> Result<Vec<Attention>> {
    let rows: Vec<FailedServer> = server::Entity::find()
        .select_only()
        .column(server::Column::Name)
        .column(server_state::Column::Code)
        .column(server_state::Column::ObservedAt)
        .column_as(project::Column::Name, "project_name")
        .column_as(project::Column::Slug, "slug")
        .column_as(organization::Column::Slug, "organization_slug")
        .join(JoinType::InnerJoin, join::current_state())
        .join(JoinType::InnerJoin, join::of_server())
        .join(JoinType::InnerJoin, join::owner())
        .filter(visible(caller))
        .filter(server_state::COLUMN.status.eq(Status::Failed.name()))
        .filter(server::COLUMN.enabled.eq(true))
        .order_by_desc(server_state::Column::ObservedAt)
        .order_by_asc(server::Column::NameKey)
        .limit(MATTERS)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("reading failed servers"))?;
    let view = |row: FailedServer| Attention {
        project: format!("{}.{}", row.organization_slug, row.slug),
        project_name: row.project_name,
        matter: Matter::ServerFailed {
            server: row.name,
            code: row.code.as_deref().and_then(code),
            since: row.observed_at,
        },
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Those whose history the caller has not looked at since.
async fn changed_servers(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<Attention>> {
    let seen = Query::select()
        .expr(Expr::val(1))
        .from(history_visit::Entity)
        .and_where(history_visit::COLUMN.user_id.eq(caller.subject.user.0))
        .and_where(
            Expr::col((history_visit::Entity, history_visit::Column::ServerId))
                .equals((server::Entity, server::Column::Id)),
        )
        .and_where(
            Expr::col((history_visit::Entity, history_visit::Column::SeenTo))
                .gte(Expr::col((server_list::Entity, server_list::Column::ChangedAt))),
        )
        .to_owned();
    let rows: Vec<ChangedServer> = server_list::Entity::find()
        .select_only()
        .column(server_list::Column::ChangedAt)
        .column(server::Column::Name)
        .column_as(project::Column::Name, "project_name")
        .column_as(project::Column::Slug, "slug")
        .column_as(organization::Column::Slug, "organization_slug")
        .join(JoinType::InnerJoin, join::of_list())
        .join(JoinType::InnerJoin, join::of_server())
        .join(JoinType::InnerJoin, join::owner())
        .filter(visible(caller))
        .filter(server_list::COLUMN.changed_at.gt(now - CHANGES_TOLD))
        .filter(server::COLUMN.enabled.eq(true))
        .filter(Expr::exists(seen).not())
        .order_by_desc(server_list::Column::ChangedAt)
        .order_by_asc(server::Column::NameKey)
        .limit(MATTERS)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("reading changed servers"))?;
    let view = |row: ChangedServer| Attention {
        project: format!("{}.{}", row.organization_slug, row.slug),
        project_name: row.project_name,
        matter: Matter::ToolsChanged { server: row.name, at: row.changed_at },
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn ending_keys(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<Attention>> {
    let rows: Vec<EndingKey> = api_key::Entity::find()
        .select_only()
        .column(api_key::Column::Name)
        .column(api_key::Column::ExpiresAt)
        .column_as(project::Column::Name, "project_name")
        .column_as(project::Column::Slug, "slug")
        .column_as(organization::Column::Slug, "organization_slug")
        .join(JoinType::InnerJoin, join::of_key())
        .join(JoinType::InnerJoin, join::owner())
        .filter(visible_as(caller, Role::Developer))
        .filter(api_key::Column::Kind.eq(CLIENT))
        .filter(api_key::Column::ExpiresAt.between(now - AFTER, now + BEFORE))
        .order_by_asc(api_key::Column::ExpiresAt)
        .order_by_asc(api_key::Column::Name)
        .limit(MATTERS)
        .into_model()
        .all(connection)
        .await
        .map_err(failed("reading keys"))?;
    let view = |row: EndingKey| Attention {
        project: format!("{}.{}", row.organization_slug, row.slug),
        project_name: row.project_name,
        matter: Matter::KeyExpires { key: row.name, at: row.expires_at },
    };
    Ok(rows.into_iter().map(view).collect())
}
