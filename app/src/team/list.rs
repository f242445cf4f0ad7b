//! The teams of an organization.

use domain::{Action, Resource as Target};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{CreateTeam, list_teams};
use crate::{
    i18n::{Teams, text},
    organization::OrganizationSource,
    ui::{
        Ago, Boundary, CELL_CLASS, Card, EmptyState, FormError, LINK_CLASS, PageHead, ROW_CLASS, SHORT_CLASS,
        Submit, Table, TextField, ViewerSource, failure,
    },
};

#[component]
pub fn TeamsPage() -> impl IntoView {
    let (t, words) = (text(), Teams::current());
    let (source, viewer) = (OrganizationSource::current(), ViewerSource::current());
    let teams = Resource::new(move || source.name.get(), list_teams);
    let create = ServerAction::<CreateTeam>::new();
    let created = failure(create);
    view! {
        <PageHead title=t.teams lead=words.lead />
        <Boundary load=move || async move {
            let (viewer, organization) = (viewer.0.await?, source.page.await?);
            let (teams, now) = teams.await?;
            let may = viewer.may(Action::ManageOrganization, &Target::Organization(organization.id));
            let slug = organization.slug;
            let body = if teams.is_empty() {
                view! { <EmptyState title=words.empty body=words.empty_body /> }.into_any()
            } else {
                let rows = teams
                    .into_iter()
                    .map(|team| {
                        let href = format!("/orgs/{slug}/teams/{}", team.slug);
                        view! {
                            <tr class=ROW_CLASS>
                                <td class=CELL_CLASS>
                                    <a class=LINK_CLASS href=href><span class="font-medium">{team.name}</span></a>
                                </td>
                                <td class=SHORT_CLASS>{t.members_count(team.member_count)}</td>
                                <td class=SHORT_CLASS>{t.projects_count(team.project_count)}</td>
                                <td class=SHORT_CLASS data-label=t.created>
                                    <span class="text-ink-muted"><Ago at=team.created_at now=now /></span>
                                </td>
                            </tr>
                        }
                    })
                    .collect_view();
                view! {
                    <Table label=t.teams columns=vec![t.name, t.members, t.projects, t.created]>{rows}</Table>
                }
                .into_any()
            };
            Ok(view! {
                <Title text=format!("{} · {}", organization.name, t.teams) />
                {body}
                {may.then(|| view! {
                    <div class="mt-6">
                        <Card title=words.new>
                            <FormError failure=created />
                            <ActionForm action=create>
                                <input type="hidden" name="organization" value=slug />
                                <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                                    <TextField failure=created name="name" label=t.name required=true />
                                    <TextField failure=created name="slug" label=t.short_name hint=words.slug_hint />
                                    <div class="md:pt-6">
                                        <Submit label=words.create pending=created.pending />
                                    </div>
                                </div>
                            </ActionForm>
                        </Card>
                    </div>
                })}
            }
            .into_any())
        } />
    }
}
