//! All entries that pass a filter, newest first, in pieces: an export holds one piece at a time.

use domain::{
    Action, LogId, ProjectId, Result,
    log::{LogEntry, LogFilter},
};
use futures_util::{Stream, StreamExt, stream};

use super::{Logs, query::Span, read::moment};
use crate::{Caller, Services};

/// Entries of a piece at most.
const PIECE: usize = 500;

impl Logs<'_> {
    /// Authorizes now; entries are read as the stream is. It ends after a piece that could not be read.
    pub async fn export(
        &self,
        caller: &Caller,
        project: &str,
        filter: LogFilter,
    ) -> Result<impl Stream<Item = Result<Vec<LogEntry>>> + Send + use<>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewLogs).await?;
        // The time of the request counts, however long it takes to read.
        let span = Span::of(project.id, &filter, self.0.clock().now());
        let from = span.from.and_then(moment);
        let filter = LogFilter { after: None, within: None, from, ..filter };
        Ok(pieces(self.0.clone(), project.id, filter))
    }
}

fn pieces(
    services: Services,
    project: ProjectId,
    filter: LogFilter,
) -> impl Stream<Item = Result<Vec<LogEntry>>> + Send {
    stream::unfold(Some(filter.before), move |place: Option<Option<LogId>>| {
        let (services, filter) = (services.clone(), filter.clone());
        async move {
            let filter = LogFilter { before: place?, ..filter };
            match services.logs().page(project, &filter, PIECE).await {
                Ok(page) => Some((Ok(page.items), page.next.map(Some))),
                Err(error) => Some((Err(error), None)),
            }
        }
    })
    // Who compresses an answer asks once more after its end.
    .fuse()
}
