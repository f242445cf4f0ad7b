//! What somebody wants to know as they come in: what is wrong, where they were, what others did.

use domain::{
    Timestamp,
    home::{Attention, Matter, RecentChange},
    invitation::Offer,
    usage::UsageRange,
};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::read_home;
use crate::{
    activity::sentence::{Piece, sentence},
    i18n::{Home, Shell, group, text},
    project::{Favorites, Star, api::ProjectLine},
    ui::{
        Ago, BUTTON_CLASS, Boundary, EmptyState, FormError, HealthBadge, Icon, LINK_CLASS, LinkButton,
        PageHead, Shape,
    },
    usage::UsageChart,
};

/// Matters that are shown before one asks for more.
const MATTERS: usize = 5;
const MATTER_CLASS: &str = "flex items-start gap-2 py-2 px-3 border-b border-line last:border-b-0";

#[component]
pub fn HomePage() -> impl IntoView {
    let (t, h) = (text(), Home::current());
    let view = Resource::new(|| (), |()| read_home());
    let starred = Favorites::current().failure();
    let create = move || {
        view! {
            <LinkButton class=BUTTON_CLASS href="/projects/new">
                <Icon shape=Shape::Add />
                {t.new_project}
            </LinkButton>
        }
    };
    view! {
        <Title text=Shell::current().home />
        <PageHead title=Shell::current().home>{create()}</PageHead>
        <FormError failure=starred apart=true />
        <Boundary load=move || async move {
            let home = view.await?;
            if home.projects.is_empty() {
                let invited = !home.offers.is_empty();
                let now = home.now;
                return Ok(view! {
                    {invited.then(|| view! { <Matters offers=home.offers matters=home.attention now=now /> })}
                    <EmptyState title=t.projects_empty body=t.projects_empty_body>{create()}</EmptyState>
                }
                .into_any());
            }
            let now = home.now;
            let projects = home.projects.into_iter().map(|line| view! { <ProjectItem line=line now=now /> });
            let changes = home.changes.into_iter().map(|change| view! { <ChangeItem change=change now=now /> });
            let quiet = changes.len() == 0;
            Ok(view! {
                <Matters offers=home.offers matters=home.attention now=now />
                <div class="grid gap-6 md:grid-cols-2 items-start">
                    <section class="min-w-0">
                        <div class="flex items-baseline justify-between gap-2 mb-2">
                            <h2 class="font-semibold">{h.projects}</h2>
                            <a class=LINK_CLASS href="/projects">{h.all_projects}</a>
                        </div>
                        <ul class="border border-line rounded-[10px] bg-surface-raised">{projects.collect_view()}</ul>
                    </section>
                    <div class="flex flex-col gap-6 min-w-0">
                        <section class="min-w-0">
                            <h2 class="mb-2 font-semibold">{h.calls}</h2>
                            <div class="p-4 border border-line rounded-[10px] bg-surface-raised">
                                <UsageChart points=home.usage range=UsageRange::Day />
                            </div>
                        </section>
                        <section class="min-w-0">
                            <h2 class="mb-2 font-semibold">{h.activity}</h2>
                            <ul class="border border-line rounded-[10px] bg-surface-raised">
                                {changes.collect_view()}
                                {quiet.then(|| view! { <li class="p-3 text-ink-muted">{h.activity_empty}</li> })}
                            </ul>
                        </section>
                    </div>
                </div>
            }
            .into_any())
        } />
    }
}

/// One sentence and one action each; all is well in one line.
#[component]
fn Matters(offers: Vec<Offer>, matters: Vec<Attention>, now: Timestamp) -> impl IntoView {
    let h = Home::current();
    if offers.is_empty() && matters.is_empty() {
        return view! {
            <p class="flex items-center gap-2 mb-6 text-ink-muted">
                <span class="text-ok"><Icon shape=Shape::Check /></span>
                {h.all_well}
            </p>
        }
        .into_any();
    }
    // Without an action: the link is with whoever it was sent to, as the proof that the address is theirs.
    let offers = offers.into_iter().map(|offer| {
        let sentence = h.offer(&offer, (now - offer.expires_at).num_seconds());
        view! {
            <li class=MATTER_CLASS>
                <span class="mt-0.5 text-info"><Icon shape=Shape::Account /></span>
                <span class="grow min-w-0 break-words">{sentence}</span>
            </li>
        }
        .into_any()
    });
    let matters = matters.into_iter().map(|Attention { project, project_name, matter }| {
        let (at, class, href, action) = match &matter {
            Matter::ServerFailed { server, since, .. } => {
                (*since, "mt-0.5 text-bad", format!("/projects/{project}/servers/{server}"), h.look_at_server)
            }
            Matter::ToolsChanged { server, at } => (
                *at,
                "mt-0.5 text-warn",
                format!("/projects/{project}/servers/{server}/history"),
                h.see_changes,
            ),
            Matter::KeyExpires { at, .. } => {
                (*at, "mt-0.5 text-warn", format!("/projects/{project}/keys"), h.open_keys)
            }
        };
        let sentence = h.matter(&matter, &project_name, (now - at).num_seconds());
        view! {
            <li class=MATTER_CLASS>
                <span class=class><Icon shape=Shape::Warning /></span>
                <span class="grow min-w-0 break-words">{sentence}</span>
                <a class="shrink-0 text-accent no-underline hover:underline" href=href>{action}</a>
            </li>
        }
        .into_any()
    });
    let mut rows = offers.chain(matters);
    // The rest of the page must stay in sight on a bad day.
    let first: Vec<_> = rows.by_ref().take(MATTERS).collect();
    let rest: Vec<_> = rows.collect();
    let more = text().with(h.more, &group(rest.len() as u64));
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <details class="border-t border-line">
                <summary class="py-2 px-3 text-accent cursor-pointer list-none hover:underline">{more}</summary>
                <ul class="border-t border-line">{rest}</ul>
            </details>
        }
    });
    view! {
        <section class="mb-6">
            <h2 class="mb-2 font-semibold">{h.attention}</h2>
            <div class="border border-line rounded-[10px] bg-surface-raised">
                <ul>{first}</ul>
                {rest}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn ProjectItem(line: ProjectLine, now: Timestamp) -> impl IntoView {
    let href = format!("/projects/{}", line.path);
    view! {
        <li class="flex items-center gap-2 py-2 px-3 border-b border-line last:border-b-0 min-w-0">
            <Star project=line.path name=line.name.clone() on=line.favorite />
            <div class="grow min-w-0">
                <a class="block truncate text-ink font-medium no-underline hover:underline" href=href>
                    {line.name}
                </a>
                <p class="text-ink-muted text-xs truncate">{line.organization}</p>
            </div>
            <div class="shrink-0 text-right">
                <p><HealthBadge health=line.health /></p>
                <p class="text-ink-muted text-xs empty:hidden">{line.last_used.map(|at| view! { <Ago at=at now=now /> })}</p>
            </div>
        </li>
    }
}

#[component]
fn ChangeItem(change: RecentChange, now: Timestamp) -> impl IntoView {
    let pieces = sentence(Home::current().locale, &change.event).into_iter().map(|piece| match piece {
        Piece::Words(words) => view! { <span>{words}</span> }.into_any(),
        Piece::Who(name) => view! { <b class="font-semibold">{name}</b> }.into_any(),
        Piece::What(name) => view! { <code class="font-medium break-all">{name}</code> }.into_any(),
    });
    let href = format!("/projects/{}/activity", change.project);
    view! {
        <li class="flex items-baseline gap-2 py-2 px-3 border-b border-line last:border-b-0 min-w-0">
            <p class="grow min-w-0 break-words">
                {pieces.collect::<Vec<_>>()}
                <span class="text-ink-muted">" · "</span>
                <a class="text-ink-muted underline" href=href>{change.project_name}</a>
            </p>
            <span class="shrink-0 text-ink-muted text-xs"><Ago at=change.event.at now=now /></span>
        </li>
    }
}
