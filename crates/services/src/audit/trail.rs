//! The trail of more than one project: of an organization with its projects, or of everything.

use domain::{
    Action, AuditId, Resource, Result,
    audit::{AuditFilter, TrailEvent, TrailPage},
};
use futures_util::{Stream, StreamExt, stream};
use sea_orm::{EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, Select};

use super::{Audit, PAGE_MAX, limit, narrowed, view};
use crate::{
    Caller, Services,
    database::failed,
    entity::{audit_event, organization, project},
    project::join,
};

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    event: audit_event::Model,
    organization_slug: Option<String>,
    project_slug: Option<String>,
    project_name: Option<String>,
}

impl Audit<'_> {
    /// Changes of an organization and of all its projects, for its owners.
    pub async fn of_organization(
        &self,
        caller: &Caller,
        organization: &str,
        filter: AuditFilter,
    ) -> Result<TrailPage> {
        let owner =
            self.0.organizations().authorize(caller, organization, Action::ManageOrganization).await?;
        let query = audit_event::Entity::find().filter(audit_event::COLUMN.organization_id.eq(owner.id));
        let mut page = self.page(query, &filter).await?;
        for item in &mut page.items {
            (item.request_id, item.ip) = (None, None);
        }
        Ok(page)
    }

    /// Changes of the whole installation, or of the organization that `organization` names by its short name.
    pub async fn of_platform(
        &self,
        caller: &Caller,
        organization: Option<&str>,
        filter: AuditFilter,
    ) -> Result<TrailPage> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let query = self.everything(organization).await?;
        self.page(query, &filter).await
    }

    /// All of it that passes the filter, in pieces. Authorizes now; events are read as the stream is. It
    /// ends after a piece that could not be read.
    pub async fn export(
        &self,
        caller: &Caller,
        organization: Option<&str>,
        filter: AuditFilter,
    ) -> Result<impl Stream<Item = Result<Vec<TrailEvent>>> + Send + use<>> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let query = self.everything(organization).await?;
        Ok(pieces(self.0.clone(), query, AuditFilter { limit: Some(PAGE_MAX), ..filter }))
    }

    async fn everything(&self, organization: Option<&str>) -> Result<Select<audit_event::Entity>> {
        let query = audit_event::Entity::find();
        let Some(slug) = organization.filter(|slug| !slug.is_empty()) else { return Ok(query) };
        let owner = organization::Entity::find()
            .filter(organization::COLUMN.slug.eq(slug))
            .one(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading an organization"))?;
        // What has no such owner has no events: the nil id is nobody's.
        let id = owner.map(|owner| owner.id).unwrap_or_default();
        Ok(query.filter(audit_event::COLUMN.organization_id.eq(id)))
    }

    async fn page(&self, query: Select<audit_event::Entity>, filter: &AuditFilter) -> Result<TrailPage> {
        let limit = limit(filter);
        let mut rows: Vec<Row> = narrowed(query, filter)
            .column_as(organization::Column::Slug, "organization_slug")
            .column_as(project::Column::Slug, "project_slug")
            .column_as(project::Column::Name, "project_name")
            .join(JoinType::LeftJoin, join::of_event())
            .join(JoinType::LeftJoin, join::organization_of_event())
            .limit(limit as u64 + 1)
            .into_model()
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading the audit trail"))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| AuditId(row.event.id));
        Ok(TrailPage { items: rows.into_iter().map(placed).collect(), next })
    }
}

fn placed(row: Row) -> TrailEvent {
    let path = row.organization_slug.as_ref().zip(row.project_slug);
    TrailEvent {
        request_id: row.event.request_id.clone(),
        ip: row.event.ip.clone(),
        event: view(row.event),
        project_path: path.map(|(organization, slug)| format!("{organization}.{slug}")),
        project_name: row.project_name,
        organization_slug: row.organization_slug,
    }
}

fn pieces(
    services: Services,
    query: Select<audit_event::Entity>,
    filter: AuditFilter,
) -> impl Stream<Item = Result<Vec<TrailEvent>>> + Send {
    stream::unfold(Some(filter.before), move |place: Option<Option<AuditId>>| {
        let (services, query, filter) = (services.clone(), query.clone(), filter.clone());
        async move {
            let filter = AuditFilter { before: place?, ..filter };
            match services.audit().page(query, &filter).await {
                Ok(page) => Some((Ok(page.items), page.next.map(Some))),
                Err(error) => Some((Err(error), None)),
            }
        }
    })
    // Who compresses an answer asks once more after its end.
    .fuse()
}
