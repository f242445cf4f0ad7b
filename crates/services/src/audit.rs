//! The trail of changes: one event for each mutation, written in its transaction.

use domain::{
    Action, AuditId, OrganizationId, ProjectId, Result, Timestamp, UserId,
    audit::{AuditEvent, AuditFilter, AuditPage},
    project::Project,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func, LikeExpr},
};
use serde_json::Value;

use crate::{
    Caller, Services,
    database::{containing, escaped, failed},
    entity::audit_event,
    new_id,
};

mod trail;

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;

pub struct Audit<'a>(pub(crate) &'a Services);

/// Where a change happened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) project: Option<ProjectId>,
}

impl Place {
    pub(crate) fn project(project: &Project) -> Self {
        Self { organization: Some(project.organization_id), project: Some(project.id) }
    }

    pub(crate) fn organization(id: OrganizationId) -> Self {
        Self { organization: Some(id), project: None }
    }
}

impl Audit<'_> {
    /// Changes of a project, newest first.
    pub async fn list(&self, caller: &Caller, project: &str, filter: AuditFilter) -> Result<AuditPage> {
        let project = self.0.projects().authorize(caller, project, Action::ViewProject).await?;
        let query = audit_event::Entity::find().filter(audit_event::COLUMN.project_id.eq(project.id.0));
        let limit = limit(&filter);
        let mut rows = narrowed(query, &filter)
            .limit(limit as u64 + 1)
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the audit trail"))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| AuditId(row.id));
        Ok(AuditPage { items: rows.into_iter().map(view).collect(), next })
    }

    /// Writes one event. `change` holds names of what changed and old and new values, never secrets.
    pub(crate) async fn record(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        place: Place,
        action: &str,
        target: impl Into<String>,
        change: Value,
    ) -> Result<()> {
        let row = audit_event::ActiveModel {
            id: Set(new_id!(self.0, AuditId).0),
            at: Set(self.0.clock().now()),
            actor: Set(caller.user().map(|user| user.0)),
            actor_name: Set(caller.name().to_owned()),
            action: Set(action.to_owned()),
            organization_id: Set(place.organization.map(|id| id.0)),
            project_id: Set(place.project.map(|id| id.0)),
            target: Set(target.into()),
            change: Set(change.to_string()),
            request_id: Set(caller.meta.request_id.clone()),
            ip: Set(caller.meta.ip.clone()),
        };
        row.insert(connection).await.map(drop).map_err(failed("writing an audit event"))
    }
}

fn limit(filter: &AuditFilter) -> usize {
    filter.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize
}

/// What passes a filter, newest first. Ids grow with time, so time is a part of the key and not searched for.
fn narrowed(query: Select<audit_event::Entity>, filter: &AuditFilter) -> Select<audit_event::Entity> {
    let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut query = query;
    if let Some(person) = set(&filter.person) {
        let name = Func::lower(Expr::col((audit_event::Entity, audit_event::Column::ActorName)));
        query = query.filter(Expr::expr(name).like(containing(&person)));
    }
    let action = || Expr::col((audit_event::Entity, audit_event::Column::Action));
    if let Some(noun) = set(&filter.noun) {
        let start = format!("{}.%", escaped(&noun));
        query = query.filter(action().like(LikeExpr::new(start).escape('!')));
    }
    if let Some(exact) = set(&filter.action) {
        query = query.filter(action().eq(exact));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_event::COLUMN.id.gte(first_id(from).0));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_event::COLUMN.id.lt(first_id(until).0));
    }
    if let Some(before) = filter.before {
        query = query.filter(audit_event::COLUMN.id.lt(before.0));
    }
    query.order_by_desc(audit_event::Column::Id)
}

/// The least id of a moment.
pub(crate) fn first_id(at: Timestamp) -> AuditId {
    AuditId::new(u64::try_from(at.timestamp_millis()).unwrap_or_default(), [0; 10])
}

pub(crate) fn view(row: audit_event::Model) -> AuditEvent {
    AuditEvent {
        id: AuditId(row.id),
        at: row.at,
        actor: row.actor.map(UserId),
        actor_name: row.actor_name,
        action: row.action,
        organization: row.organization_id.map(OrganizationId),
        project: row.project_id.map(ProjectId),
        target: row.target,
        change: serde_json::from_str(&row.change).unwrap_or_default(),
    }
}
