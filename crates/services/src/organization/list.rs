//! The organizations that a caller may see, with what is counted of them.

use std::collections::HashMap;

use domain::{
    OrganizationId, OrganizationRole, Result, organization::Organization, policy::organization_role,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Organizations;
use crate::{
    Caller,
    database::failed,
    entity::{organization, organization_member, project},
};

/// Projects and members, by organization; who has none is not there.
#[derive(Default)]
pub(super) struct Counts {
    projects: HashMap<Uuid, i64>,
    members: HashMap<Uuid, i64>,
}

impl Organizations<'_> {
    /// Those that the caller is a member of. Platform administrators find the others by `search`. The
    /// same number of queries for any number of them.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Organization>> {
        let mine: Vec<Uuid> = caller.subject.organizations.iter().map(|(id, _)| id.0).collect();
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let reader = &self.0.inner.database.reader;
        let rows = organization::Entity::find()
            .filter(organization::COLUMN.id.is_in(mine))
            .order_by_asc(organization::Column::Slug)
            .all(reader)
            .await
            .map_err(failed("reading organizations"))?;
        let counts = counts(reader, rows.iter().map(|row| row.id)).await?;
        Ok(rows.into_iter().map(|row| view(caller, row, &counts)).collect())
    }
}

pub(super) async fn counts(
    connection: &impl ConnectionTrait,
    organizations: impl IntoIterator<Item = Uuid> + Clone,
) -> Result<Counts> {
    let projects: Vec<(Uuid, i64)> = project::Entity::find()
        .select_only()
        .column(project::Column::OrganizationId)
        .column_as(project::Column::Id.count(), "count")
        .filter(project::COLUMN.organization_id.is_in(organizations.clone()))
        .group_by(project::Column::OrganizationId)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("counting projects"))?;
    let members: Vec<(Uuid, i64)> = organization_member::Entity::find()
        .select_only()
        .column(organization_member::Column::OrganizationId)
        .column_as(organization_member::Column::UserId.count(), "count")
        .filter(organization_member::COLUMN.organization_id.is_in(organizations))
        .group_by(organization_member::Column::OrganizationId)
        .into_tuple()
        .all(connection)
        .await
        .map_err(failed("counting members"))?;
    Ok(Counts { projects: projects.into_iter().collect(), members: members.into_iter().collect() })
}

pub(super) fn view(caller: &Caller, row: organization::Model, counts: &Counts) -> Organization {
    let id = OrganizationId(row.id);
    let of = |counts: &HashMap<Uuid, i64>| {
        u32::try_from(counts.get(&row.id).copied().unwrap_or_default()).unwrap_or(u32::MAX)
    };
    Organization {
        id,
        role: organization_role(&caller.subject, id).unwrap_or(OrganizationRole::Member),
        project_count: of(&counts.projects),
        member_count: of(&counts.members),
        slug: row.slug,
        name: row.name,
        personal: row.personal,
        created_at: row.created_at,
    }
}
