//! What runs in the background, when it ran last, and the way to run it now.

use domain::{Timestamp, platform::JobStatus};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    api::{RunJob, list_jobs},
    frame::administrator,
};
use crate::{
    context::Preferences,
    i18n::{Admin, text, took},
    ui::{
        Ago, Boundary, CELL_CLASS, FormError, Icon, PLAIN_CLASS, PageHead, ROW_CLASS, SHORT_CLASS, Shape,
        Submit, Table, ViewerSource, failure,
    },
};

#[component]
pub fn JobsPage() -> impl IntoView {
    let (t, words) = (text(), Admin::current());
    let viewer = ViewerSource::current();
    let run = ServerAction::<RunJob>::new();
    let failed = failure(run);
    let jobs = Resource::new(move || run.version().get(), |_| list_jobs());
    view! {
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let (jobs, now) = jobs.await?;
            let rows = jobs.into_iter().map(|job| row(job, now, run)).collect_view();
            let columns = vec![t.name, words.schedule, words.last_run, words.outcome, t.actions];
            Ok(view! {
                <Title text=words.jobs />
                <PageHead title=words.jobs lead=words.jobs_lead />
                <FormError failure=failed apart=true />
                <Table label=words.jobs columns=columns>{rows}</Table>
            }
            .into_any())
        } />
    }
}

fn row(status: JobStatus, now: Timestamp, run: ServerAction<RunJob>) -> AnyView {
    let (words, locale) = (Admin::current(), Preferences::current().locale);
    let (name, lead) = words.job(status.job);
    let last = status.last;
    let when = match &last {
        Some(last) => {
            let (at, ms, by) = (last.started_at, last.duration_ms, last.by.clone());
            view! {
                <Ago at=at now=now />
                <span class="text-ink-muted">" · " {took(ms)}</span>
                {by.map(|by| view! { <span class="text-ink-muted">" · " {by}</span> })}
            }
            .into_any()
        }
        None => view! { <span class="text-ink-muted">{words.never_ran}</span> }.into_any(),
    };
    let outcome = last.map(|last| match last.code {
        None if last.failed > 0 => view! {
            <span class="inline-flex items-center gap-1 text-warn"><Icon shape=Shape::Warning />{words.done(status.job, &last)}</span>
        }
        .into_any(),
        None => view! {
            <span class="inline-flex items-center gap-1 text-ok"><Icon shape=Shape::Check />{words.done(status.job, &last)}</span>
        }
        .into_any(),
        Some(code) => view! {
            <span class="inline-flex items-center gap-1 text-bad"><Icon shape=Shape::Warning />{locale.sentence(code)}</span>
        }
        .into_any(),
    });
    let pending = Signal::from(run.pending());
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <span class="font-medium">{name}</span>
                <p class="text-ink-muted text-xs max-w-[420px]">{lead}</p>
            </td>
            <td class=SHORT_CLASS data-label=words.schedule>{words.every(status.every_seconds)}</td>
            <td class=CELL_CLASS data-label=words.last_run>{when}</td>
            <td class=CELL_CLASS data-label=words.outcome>{outcome}</td>
            <td class=CELL_CLASS>
                <ActionForm action=run>
                    <input type="hidden" name="job" value=status.job.name() />
                    <Submit label=words.run pending=pending class=PLAIN_CLASS />
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}
