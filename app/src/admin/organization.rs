//! Every organization of the installation.

use domain::platform::OrganizationFilter;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api::list_all_organizations, frame::administrator};
use crate::{
    i18n::{Admin, text},
    ui::{
        Ago, Badge, Boundary, CELL_CLASS, EmptyState, FilterBar, FilterText, LINK_CLASS, LinkButton,
        PageHead, ROW_CLASS, SHORT_CLASS, Table, ViewerSource, encode,
    },
};

const HERE: &str = "/admin/organizations";

#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let (t, words) = (text(), Admin::current());
    let viewer = ViewerSource::current();
    let query = use_query_map();
    let get = move |name: &str| query.read().get(name).filter(|value| !value.is_empty());
    let filter = Memo::new(move |_| OrganizationFilter { q: get("q"), after: get("after") });
    let organizations = Resource::new(move || filter.get(), list_all_organizations);
    view! {
        <Boundary load=move || {
            let filter = filter.get();
            async move {
                administrator(viewer).await?;
                let (page, now) = organizations.await?;
                let q = filter.q.clone().unwrap_or_default();
                let address = |after: String| format!("{HERE}?q={}&after={}", encode(&q), encode(&after));
                let next = page.next.map(address);
                let first = filter.after.map(|_| address(String::new()));
                let clear = filter.q.map(|_| HERE.to_owned());
                let body = if page.items.is_empty() {
                    view! {
                        <EmptyState title=words.no_organization body=words.no_organization_body>
                            <LinkButton href=HERE>{t.clear_filter}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    let rows = page
                        .items
                        .into_iter()
                        .map(|organization| {
                            let href = format!("/orgs/{}", organization.slug);
                            view! {
                                <tr class=ROW_CLASS>
                                    <td class=CELL_CLASS>
                                        <a class=LINK_CLASS href=href><span class="font-medium">{organization.name}</span></a>
                                        " " {organization.personal.then(|| view! { <Badge label=t.personal /> })}
                                    </td>
                                    <td class=SHORT_CLASS><code>{organization.slug}</code></td>
                                    <td class=SHORT_CLASS><span class="tabular-nums">{t.members_count(organization.member_count)}</span></td>
                                    <td class=SHORT_CLASS><span class="tabular-nums">{t.projects_count(organization.project_count)}</span></td>
                                    <td class=SHORT_CLASS data-label=t.created>
                                        <span class="text-ink-muted"><Ago at=organization.created_at now=now /></span>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view();
                    let columns = vec![t.name, t.short_name, t.members, t.projects, t.created];
                    view! { <Table label=t.organizations columns=columns>{rows}</Table> }.into_any()
                };
                Ok(view! {
                    <Title text=format!("{} · {}", t.organizations, t.admin) />
                    <PageHead title=t.organizations lead=words.organizations_lead />
                    <FilterBar action=HERE clear=clear>
                        <FilterText name="q" label=words.find_organization value=q />
                    </FilterBar>
                    {body}
                    <div class="mt-3 flex gap-2">
                        {first.map(|href| view! { <LinkButton href=href>{words.first_page}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{words.next_page}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}
