//! Every organization, for platform administrators.

use domain::{
    Action, Resource, Result,
    organization::Organization,
    platform::{OrganizationFilter, OrganizationsPage},
};
use sea_orm::{
    Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{Organizations, list};
use crate::{
    Caller,
    database::{containing, failed},
    entity::organization,
};

const PAGE: usize = 50;

impl Organizations<'_> {
    /// Those in which the caller may create projects, their own first, and whether there are more: platform
    /// administrators may anywhere, and are told the first of those whose names hold `q`.
    pub async fn homes(&self, caller: &Caller, q: &str) -> Result<(Vec<Organization>, bool)> {
        let wanted = q.trim().to_lowercase();
        let mut homes = self.list(caller).await?;
        homes.retain(|home| {
            caller.may(Action::CreateProject, &Resource::Organization(home.id))
                && [&home.slug, &home.name].iter().any(|name| name.to_lowercase().contains(&wanted))
        });
        if !caller.may(Action::ManagePlatform, &Resource::Platform) {
            return Ok((homes, false));
        }
        let filter = OrganizationFilter { q: Some(wanted), after: None };
        let found = self.search(caller, filter).await?;
        for other in found.items {
            if !homes.iter().any(|home| home.id == other.id) {
                homes.push(other);
            }
        }
        Ok((homes, found.next.is_some()))
    }

    /// A page of all, by short name.
    pub async fn search(&self, caller: &Caller, filter: OrganizationFilter) -> Result<OrganizationsPage> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let mut query = organization::Entity::find().order_by_asc(organization::Column::Slug);
        if let Some(text) = filter.q.filter(|text| !text.trim().is_empty()) {
            let holds = |column| Expr::expr(Func::lower(Expr::col(column))).like(containing(text.trim()));
            query = query.filter(
                Condition::any()
                    .add(holds(organization::Column::Name))
                    .add(holds(organization::Column::Slug)),
            );
        }
        if let Some(after) = filter.after.filter(|after| !after.is_empty()) {
            query = query.filter(organization::COLUMN.slug.gt(after));
        }
        let mut rows =
            query.limit(PAGE as u64 + 1).all(reader).await.map_err(failed("reading organizations"))?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.slug.clone());
        let counts = list::counts(reader, rows.iter().map(|row| row.id)).await?;
        Ok(OrganizationsPage {
            items: rows.into_iter().map(|row| list::view(caller, row, &counts)).collect(),
            next,
        })
    }
}
