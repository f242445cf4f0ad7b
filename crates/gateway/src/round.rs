//! What is asked of all servers from time to time, and by hand: whether remote ones are there, and what each
//! offers. What a server tells by itself, or a failed call suggests, does not wait for it.

use std::{
    future::ready,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{Timestamp, server::Status};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep};

use crate::{
    Gateway,
    back_off::jittered,
    catalog::{self, Kinds},
    gateway::Plane,
    lock::lock,
    supervisor::Upstream,
    upstream::Connection,
};

/// How often remote servers are asked whether they are there.
const CHECK_EVERY: Duration = Duration::from_secs(60);
/// How often lists are read although nothing is said to have changed.
pub(crate) const READ_EVERY: Duration = Duration::from_secs(10 * 60);
/// Servers that are asked at the same time.
const AT_ONCE: usize = 16;

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    pub started_at: Timestamp,
    pub duration: Duration,
    /// Servers that were asked.
    pub servers: usize,
    /// Those of them that did not answer.
    pub failed: usize,
}

/// What is asked in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether a remote server is there. One that does not answer is connected anew.
    Check,
    /// What a server offers.
    Read,
}

impl Question {
    #[must_use]
    pub const fn every(self) -> Duration {
        match self {
            Question::Check => CHECK_EVERY,
            Question::Read => READ_EVERY,
        }
    }
}

/// The last round of each question.
#[derive(Default)]
pub(crate) struct Rounds {
    check: Mutex<Option<Round>>,
    read: Mutex<Option<Round>>,
}

impl Rounds {
    pub(crate) fn last(&self, question: Question) -> Option<Round> {
        *lock(self.of(question))
    }

    fn of(&self, question: Question) -> &Mutex<Option<Round>> {
        match question {
            Question::Check => &self.check,
            Question::Read => &self.read,
        }
    }
}

impl Gateway {
    /// Asks all connected servers now.
    pub async fn ask_round(&self, question: Question) -> Round {
        go(&self.0, question).await
    }
}

/// Asks on until the data plane stops.
pub(crate) async fn keep(plane: Arc<Plane>, question: Question) {
    loop {
        tokio::select! {
            () = plane.stopping.cancelled() => return,
            () = sleep(jittered(question.every())) => drop(go(&plane, question).await),
        }
    }
}

/// Asks those that are connected, some at a time.
async fn go(plane: &Arc<Plane>, question: Question) -> Round {
    let (started_at, began) = (plane.clock.now(), Instant::now());
    let asked: Vec<_> = plane
        .upstreams()
        .values()
        .filter(|upstream| question == Question::Read || upstream.is_remote())
        .filter_map(|upstream| Some(ask(plane.clone(), question, upstream.clone(), upstream.standing()?)))
        .collect();
    let servers = asked.len();
    let answers = stream::iter(asked).buffer_unordered(AT_ONCE);
    let failed = answers.filter(|answered| ready(!answered)).count().await;
    let round = Round { started_at, duration: began.elapsed(), servers, failed };
    *lock(plane.rounds.of(question)) = Some(round);
    round
}

async fn ask(
    plane: Arc<Plane>,
    question: Question,
    upstream: Arc<Upstream>,
    connection: Arc<Connection>,
) -> bool {
    match question {
        Question::Check => upstream.answers(&connection).await,
        Question::Read => {
            catalog::learn(&plane, &upstream, &connection, Kinds::ALL, Status::Ready).await;
            connection.is_open() && upstream.catalog().is_whole()
        }
    }
}
