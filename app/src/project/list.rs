//! The projects that one can see.

use domain::Timestamp;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{ProjectLine, list_projects},
    favorite::{Favorites, Star},
};
use crate::{
    i18n::{Shell, text},
    ui::{
        Ago, BUTTON_CLASS, Boundary, CELL_CLASS, EmptyState, FilterBar, FilterChoice, FilterText, FormError,
        HealthBadge, Icon, LinkButton, PageHead, ROW_CLASS, SHORT_CLASS, Shape, Table, encode,
    },
};

#[component]
pub fn ListPage() -> impl IntoView {
    let (t, s) = (text(), Shell::current());
    let query = use_query_map();
    let param = move |name: &'static str| query.read().get(name).unwrap_or_default();
    let projects = Resource::new(
        move || (param("q"), param("org"), param("after")),
        |(q, org, after)| list_projects(q, org, after),
    );
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
        <Title text=t.projects />
        <PageHead title=t.projects>{create()}</PageHead>
        <FormError failure=starred apart=true />
        <Boundary load=move || {
            let (q, org, after) = (param("q"), param("org"), param("after"));
            async move {
                let page = projects.await?;
                let filtered = !q.is_empty() || !org.is_empty();
                if page.items.is_empty() && !filtered && after.is_empty() {
                    return Ok(view! {
                        <EmptyState title=t.projects_empty body=t.projects_empty_body>
                            {create()}
                        </EmptyState>
                    }
                    .into_any());
                }
                let clear = filtered.then(|| "/projects".to_owned());
                let more = page.next.map(|next| {
                    let href = format!("/projects?q={}&org={}&after={}", encode(&q), encode(&org), encode(&next));
                    view! { <p class="mt-4"><LinkButton href=href>{t.more_projects}</LinkButton></p> }
                });
                let choice = (page.organizations.len() > 1).then(|| {
                    view! { <FilterChoice name="org" label=t.organization value=org options=page.organizations /> }
                });
                let now = page.now;
                let empty = page.items.is_empty();
                let rows = page.items.into_iter().map(|line| view! { <ProjectRow line=line now=now /> }).collect_view();
                let body = if empty {
                    view! {
                        <EmptyState title=s.filtered_empty body=s.filtered_empty_body>
                            <LinkButton href="/projects">{t.clear_filter}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    view! {
                        <Table
                            label=t.projects
                            columns=vec![t.name, t.organization, s.health, t.members, t.role_label, s.last_used]
                        >
                            {rows}
                        </Table>
                        {more}
                    }
                    .into_any()
                };
                Ok(view! {
                    <FilterBar action="/projects" clear=clear>
                        <FilterText name="q" label=t.search value=q />
                        {choice}
                    </FilterBar>
                    {body}
                }
                .into_any())
            }
        } />
    }
}

#[component]
pub fn ProjectRow(
    line: ProjectLine,
    now: Timestamp,
    /// Among others of its organization, which need not be named.
    #[prop(optional)]
    among: bool,
) -> impl IntoView {
    let t = text();
    let href = format!("/projects/{}", line.path);
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <div class="flex items-center gap-2 min-w-0">
                    <Star project=line.path name=line.name.clone() on=line.favorite />
                    <div class="min-w-0">
                        <a class="block truncate max-w-[320px] text-ink font-medium no-underline hover:underline" href=href>
                            {line.name}
                        </a>
                        <p class="text-ink-muted text-xs truncate max-w-[320px] empty:hidden">{line.description}</p>
                    </div>
                </div>
            </td>
            {(!among).then(|| view! {
                <td class=SHORT_CLASS>
                    <span class="block truncate max-w-[200px] text-ink-muted">{line.organization}</span>
                </td>
            })}
            <td class=SHORT_CLASS>
                <HealthBadge health=line.health />
            </td>
            <td class="hidden md:table-cell py-2 px-3 align-middle text-ink-muted">{line.members}</td>
            <td class=SHORT_CLASS>
                <span class="text-ink-muted">{t.role(line.role)}</span>
            </td>
            <td class=SHORT_CLASS>
                {line.last_used.map(|at| view! { <span class="text-ink-muted"><Ago at=at now=now /></span> })}
            </td>
        </tr>
    }
}
