//! The resources and prompts of a server, as the data plane last read them.

use domain::{
    Action, Result,
    offer::{OfferedPrompt, OfferedResource},
    server::ListKind,
};
use serde_json::Value;
use uuid::Uuid;

use super::{Servers, find, list};
use crate::Caller;

impl Servers<'_> {
    /// The server's resources in its order, then its templates.
    pub async fn resources(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
    ) -> Result<Vec<OfferedResource>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let row = find(&self.0.inner.database.reader, project.id, server).await?;
        let mut items = self.items(row.id, ListKind::Resources).await?;
        items.extend(self.items(row.id, ListKind::Templates).await?);
        Ok(items.iter().filter_map(OfferedResource::read).collect())
    }

    pub async fn prompts(&self, caller: &Caller, project: &str, server: &str) -> Result<Vec<OfferedPrompt>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let row = find(&self.0.inner.database.reader, project.id, server).await?;
        let items = self.items(row.id, ListKind::Prompts).await?;
        Ok(items.iter().filter_map(OfferedPrompt::read).collect())
    }

    async fn items(&self, server: Uuid, kind: ListKind) -> Result<Vec<Value>> {
        let text = list::items(&self.0.inner.database.reader, domain::ServerId(server), kind).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}
