//! The trail of changes: one event for each mutation, written in its transaction.

use domain::{
    Action, AuditId, OrganizationId, ProjectId, Result, UserId,
    audit::{AuditEvent, AuditFilter, AuditPage},
    project::Project,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, LikeExpr},
};
use serde_json::Value;

use crate::{
    Caller, Services,
    database::{containing, escaped, failed},
    entity::audit_event,
    new_id,
};

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
        let limit = filter.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize;
        let mut query = audit_event::Entity::find().filter(audit_event::COLUMN.project_id.eq(project.id.0));
        if let Some(person) = filter.person.filter(|text| !text.is_empty()) {
            let name = Func::lower(Expr::col(audit_event::Column::ActorName));
            query = query.filter(Expr::expr(name).like(containing(&person)));
        }
        if let Some(noun) = filter.noun.filter(|text| !text.is_empty()) {
            let start = format!("{}.%", escaped(&noun));
            query =
                query.filter(Expr::col(audit_event::Column::Action).like(LikeExpr::new(start).escape('!')));
        }
        if let Some(before) = filter.before {
            query = query.filter(audit_event::COLUMN.id.lt(before.0));
        }
        let mut rows = query
            .order_by_desc(audit_event::Column::Id)
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
