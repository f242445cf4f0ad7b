//! Every organization, for platform administrators.

use domain::{
    Action, Resource, Result,
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
