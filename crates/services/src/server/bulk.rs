//! One action on many servers: each in a transaction of its own, so that one failure stops no other.

use domain::{
    Action, Error, Kind, Result,
    server::{BulkAction, BulkInput, BulkItem, BulkReport},
};

use super::Servers;
use crate::Caller;

impl Servers<'_> {
    pub async fn bulk(&self, caller: &Caller, project: &str, input: BulkInput) -> Result<BulkReport> {
        self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let BulkInput { action, servers } = input.check()?;
        let mut items = Vec::with_capacity(servers.len());
        for server in servers {
            let outcome = match action {
                BulkAction::Enable => self.set_enabled(caller, project, &server, true).await.map(drop),
                BulkAction::Disable => self.set_enabled(caller, project, &server, false).await.map(drop),
                BulkAction::Restart => self.restart(caller, project, &server).await.map(drop),
                BulkAction::Delete => self.delete(caller, project, &server).await,
            };
            items.push(item(server, outcome));
        }
        Ok(BulkReport { action, items })
    }
}

fn item(server: String, outcome: Result<()>) -> BulkItem {
    let Err(error) = outcome else { return BulkItem { server, done: true, code: None, detail: None } };
    log(&error);
    let detail = error.public_detail().map(str::to_owned);
    BulkItem { server, done: false, code: Some(error.code()), detail }
}

/// The edge sees a report without failures, so what only the log may hold is written here.
fn log(error: &Error) {
    if matches!(error.kind(), Kind::Internal | Kind::Unavailable) {
        tracing::error!(
            code = error.code().name(),
            cause = error.private_message(),
            "an action on a server failed"
        );
    }
}
