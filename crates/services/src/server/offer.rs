//! The resources and prompts of a server, as the data plane last read them.

use domain::{
    Action, Result,
    offer::{OfferFilter, OfferedPrompt, OfferedResource, OffersPage},
    page::Slice,
    server::ListKind,
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoSimpleExpr, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Servers, find, item};
use crate::{
    Caller,
    database::{containing, failed},
    entity::server_item,
};

impl Servers<'_> {
    /// The server's resources in its order, then its templates.
    pub async fn resources(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        filter: &OfferFilter,
    ) -> Result<OffersPage<OfferedResource>> {
        let server = self.viewed(caller, project, server).await?;
        // The names of the kinds sort like that.
        self.items(server, &[ListKind::Resources, ListKind::Templates], filter, OfferedResource::read).await
    }

    pub async fn prompts(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        filter: &OfferFilter,
    ) -> Result<OffersPage<OfferedPrompt>> {
        let server = self.viewed(caller, project, server).await?;
        self.items(server, &[ListKind::Prompts], filter, OfferedPrompt::read).await
    }

    /// The resource or template with this address, if the server lists it.
    pub async fn resource(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        uri: &str,
    ) -> Result<Option<OfferedResource>> {
        let server = self.viewed(caller, project, server).await?;
        let reader = &self.0.inner.database.reader;
        for kind in [ListKind::Resources, ListKind::Templates] {
            let items = item::named(reader, server, kind, uri).await?;
            let found = items.iter().filter_map(OfferedResource::read).find(|item| item.uri == uri);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The prompt with this name, if the server lists it.
    pub async fn prompt(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        name: &str,
    ) -> Result<Option<OfferedPrompt>> {
        let server = self.viewed(caller, project, server).await?;
        let items = item::named(&self.0.inner.database.reader, server, ListKind::Prompts, name).await?;
        Ok(items.iter().filter_map(OfferedPrompt::read).find(|item| item.name == name))
    }

    async fn viewed(&self, caller: &Caller, project: &str, server: &str) -> Result<Uuid> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        Ok(find(&self.0.inner.database.reader, project.id, server).await?.id)
    }

    async fn items<T>(
        &self,
        server: Uuid,
        kinds: &[ListKind],
        filter: &OfferFilter,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<OffersPage<T>> {
        let reader = &self.0.inner.database.reader;
        let slice = Slice::new(filter.page, filter.limit);
        let all = server_item::Entity::find()
            .filter(server_item::COLUMN.server_id.eq(server))
            .filter(server_item::Column::Kind.is_in(kinds.iter().map(|kind| kind.name())));
        let wanted = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let fitting = wanted.map(|text| {
            let said = server_item::Column::Said.into_simple_expr();
            all.clone().filter(Expr::expr(Func::lower(said)).like(containing(text)))
        });
        let count = async |query: sea_orm::Select<server_item::Entity>| {
            query.count(reader).await.map_err(failed("counting items of a list"))
        };
        let total = count(all.clone()).await?;
        let found = match &fitting {
            Some(fitting) => count(fitting.clone()).await?,
            None => total,
        };
        let rows: Vec<String> = fitting
            .unwrap_or(all)
            .select_only()
            .column(server_item::Column::Definition)
            .order_by_asc(server_item::Column::Kind)
            .order_by_asc(server_item::Column::Position)
            .offset(slice.skipped)
            .limit(slice.limit)
            .into_tuple()
            .all(reader)
            .await
            .map_err(failed("reading items of a list"))?;
        let parsed = |text: &String| serde_json::from_str(text).ok().and_then(|item| read(&item));
        Ok(OffersPage {
            total,
            found,
            items: rows.iter().filter_map(parsed).collect(),
            next: slice.next(found),
        })
    }
}
