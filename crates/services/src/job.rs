//! What is done in the background, and now and then by hand: asking servers whether they are there and what
//! they offer, which the data plane does for itself, and deleting what has outlived its time.

use std::sync::Arc;

use domain::{
    Action, Error, Resource, Result, Timestamp,
    platform::{JobName, JobRun, JobStatus},
};
use futures_util::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use serde_json::json;
use tracing::Instrument;

use crate::{Caller, Services, audit::Place, database::failed, entity::job_run, log::code};

/// Seconds between two runs of a job that deletes.
pub const EVERY: u32 = 600;

/// Asks all servers that this process is connected to. The composition root lends it.
pub type Rounds = Arc<dyn Fn(JobName) -> BoxFuture<'static, JobRun> + Send + Sync>;

pub struct Jobs<'a>(pub(crate) &'a Services);

impl Jobs<'_> {
    /// Every job with its last run, of whichever process.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<JobStatus>> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        let reader = &self.0.inner.database.reader;
        let rows = job_run::Entity::find().all(reader).await.map_err(failed("reading runs of jobs"))?;
        let plane = self.0.vitals.as_ref().map(|vitals| vitals().plane).unwrap_or_default();
        let status = |job: &JobName| JobStatus {
            job: *job,
            every_seconds: every(*job),
            last: match job {
                JobName::Checks => plane.checks.clone(),
                JobName::Catalogs => plane.catalogs.clone(),
                _ => rows.iter().find(|row| row.name == job.name()).map(view),
            },
        };
        Ok(JobName::ALL.iter().map(status).collect())
    }

    /// Runs a job to its end. What it came to is kept, and a failure of the job is no failure of this.
    pub async fn run(&self, caller: &Caller, job: JobName) -> Result<JobRun> {
        caller.require(Action::ManagePlatform, &Resource::Platform)?;
        if job.is_of_planes() {
            return self.round(caller, job).await;
        }
        let started_at = self.0.clock().now();
        let done = self.work(job, started_at).instrument(span(job)).await;
        let ended = self.0.clock().now();
        let code = done.as_ref().err().map(Error::code);
        if let Err(error) = &done {
            tracing::warn!(job = job.name(), cause = error.private_message(), "a job failed");
        }
        let run = JobRun {
            started_at,
            duration_ms: u64::try_from((ended - started_at).num_milliseconds()).unwrap_or_default(),
            items: done.unwrap_or_default(),
            failed: 0,
            code,
            by: caller.user().map(|_| caller.name().to_owned()),
        };
        self.keep(caller, job, &run).await?;
        Ok(run)
    }

    async fn work(&self, job: JobName, now: Timestamp) -> Result<u64> {
        match job {
            JobName::Logs => self.0.logs().prune().await,
            JobName::Sessions => self.0.accounts().prune().await,
            JobName::Invitations => self.0.invitations().prune(now).await,
            JobName::Keys => self.0.keys().prune().await,
            JobName::Checks | JobName::Catalogs => Ok(0),
        }
    }

    /// What came of it is the data plane's to remember.
    async fn round(&self, caller: &Caller, job: JobName) -> Result<JobRun> {
        let rounds = self.0.rounds.as_ref().ok_or_else(|| Error::internal("no data plane was lent"))?;
        let run = rounds(job).await;
        let transaction = self.0.inner.database.begin().await?;
        self.tell(&transaction, caller, job, &run).await?;
        transaction.commit().await.map_err(failed("committing the run of a job"))?;
        Ok(run)
    }

    /// What comes by itself is no change that somebody made.
    async fn tell(
        &self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
        job: JobName,
        run: &JobRun,
    ) -> Result<()> {
        if caller.user().is_none() {
            return Ok(());
        }
        let change = json!({ "entries": run.items });
        self.0.audit().record(connection, caller, Place::default(), "job.run", job.name(), change).await
    }

    async fn keep(&self, caller: &Caller, job: JobName, run: &JobRun) -> Result<()> {
        let row = job_run::ActiveModel {
            name: Set(job.name().to_owned()),
            started_at: Set(run.started_at),
            duration_ms: Set(i64::try_from(run.duration_ms).unwrap_or(i64::MAX)),
            items: Set(i64::try_from(run.items).unwrap_or(i64::MAX)),
            code: Set(run.code.map(|code| code.name().to_owned())),
            run_by: Set(run.by.clone()),
        };
        let newer = OnConflict::column(job_run::Column::Name)
            .update_columns([
                job_run::Column::StartedAt,
                job_run::Column::DurationMs,
                job_run::Column::Items,
                job_run::Column::Code,
                job_run::Column::RunBy,
            ])
            .to_owned();
        let transaction = self.0.inner.database.begin().await?;
        job_run::Entity::insert(row)
            .on_conflict(newer)
            .exec_without_returning(&transaction)
            .await
            .map_err(failed("writing the run of a job"))?;
        self.tell(&transaction, caller, job, run).await?;
        transaction.commit().await.map_err(failed("committing the run of a job"))
    }
}

/// Seconds between two runs.
fn every(job: JobName) -> u32 {
    match job {
        JobName::Checks => 60,
        _ => EVERY,
    }
}

fn span(job: JobName) -> tracing::Span {
    match job {
        JobName::Checks => tracing::info_span!("job.checks"),
        JobName::Catalogs => tracing::info_span!("job.catalogs"),
        JobName::Logs => tracing::info_span!("job.logs"),
        JobName::Sessions => tracing::info_span!("job.sessions"),
        JobName::Invitations => tracing::info_span!("job.invitations"),
        JobName::Keys => tracing::info_span!("job.keys"),
    }
}

fn view(row: &job_run::Model) -> JobRun {
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    JobRun {
        started_at: row.started_at,
        duration_ms: number(row.duration_ms),
        items: number(row.items),
        failed: 0,
        code: row.code.as_deref().and_then(code),
        by: row.run_by.clone(),
    }
}
